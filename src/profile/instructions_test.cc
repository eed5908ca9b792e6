// What an int8 inference of the yardstick net costs on chips, in instructions: emulators count them exactly, whatever
// else the machine does. Both ways: what gets faster is as much a change as what gets slower.
#include <gtest/gtest.h>
#include "compile/lower.h"
#include "compile/quantise.h"
#include "format/program_testing.h"
#include "host/aligned_bytes.h"
#include "ir/initialise.h"
#include "kernels/pack.h"
#include "profile/count.h"
#include "runtime/executor.h"
#include "zoo/ds48.h"

namespace dimple::profile {
namespace {

// Random weights: what is computed does not depend on them, nor do the numbers.
std::vector<uint8_t> plan_ds48(const target::Target& target) {
  ir::Graph graph = zoo::make(zoo::Ds48{});
  ir::initialise(graph, 5);
  std::vector<int8_t> codes(static_cast<size_t>(4 * graph.input.shape.elements()));
  uint32_t random = 1;
  for (int8_t& code : codes) {
    random = random * 1664525 + 1013904223;
    code = static_cast<int8_t>(random >> 24);
  }
  return compile::plan(compile::quantise(graph, {.codes = codes}), {}, {.target = &target, .stripes = true});
}

// A 3x3 convolution at 12x12, 64 channels to 64, whose weights are all the same.
std::vector<uint8_t> plan_layer(const target::Target& target, const Types& types) {
  const ops::Conv2d op{64, {3, 3, 1, 1, 1, 1, 1, 1}};
  const ops::Dims weight{{ops::Axis::out, 64}, {ops::Axis::row, 3}, {ops::Axis::column, 3}, {ops::Axis::in, 64}};
  format::ProgramDraft draft;
  draft.header.input = draft.add_tensor(types.in, {12, 12, 64}, types.in == DType::s8 ? 0.1f : 0);
  draft.header.logits = draft.header.output = draft.add_step(ops::OpCode::conv2d, DType::s8, op, {draft.header.input});
  format::StepRecord& step = draft.steps[0];
  step.types = types;
  if (const int32_t entries = codebook_entries(types.weight); entries > 0) {
    step.codebook = draft.add_constant(std::vector<int8_t>(static_cast<size_t>(entries), 1));
    step.codebook_channels = 64;
  }
  const host::AlignedBytes portable(format::sealed(draft));
  const format::Program program = format::view_program(portable.data());
  const kernels::KernelInfo* const kernel = runtime::kernel_of(program, step, target.isas);
  const ops::Call call = runtime::call_of(program, step, nullptr);
  if (kernel->weights != format::Layout::plain) {
    std::vector<uint8_t> packed(static_cast<size_t>(format::packed_bytes(kernel->weights, weight)));
    kernels::pack(kernel->weights, types.weight, weight, call, packed.data());
    step.layout = kernel->weights;
    step.weight = draft.add_constant(packed);
  }
  step.scratch_at = draft.header.arena_bytes;
  step.scratch_bytes = kernel->scratch_bytes(call);
  draft.header.arena_bytes += round_up(step.scratch_bytes, format::kAlign);
  return format::sealed(draft);
}

void expect_instructions(const target::Target& target, const std::vector<uint8_t>& program, double pinned) {
  const CountedNet counted =
      count_instructions(target, "program", program, std::filesystem::path(DIMPLE_BUILD_DIR) / "images", host::Task{});
  EXPECT_NEAR(counted.count, pinned, 0.03 * pinned);
}

void expect_ds48(const target::Target& target, double pinned) {
  expect_instructions(target, plan_ds48(target), pinned);
}

TEST(Instructions, OfTheYardstickNetOnACortexM4) { expect_ds48(target::find_target("mps2-an386"), 6'590'000); }
// One byte less than weights in 16 bits take.
TEST(Instructions, OfTheYardstickNetOnACortexM4WithLittleFlash) {
  target::Target target = target::find_target("mps2-an386");
  target.program_bytes = static_cast<int64_t>(plan_ds48(target).size()) - 1;
  expect_ds48(target, 8'310'000);
}
TEST(Instructions, OfTheYardstickNetOnACortexM55) { expect_ds48(target::find_target("mps3-an547"), 2'820'000); }
TEST(Instructions, OfTheYardstickNetOnACortexA53) { expect_ds48(target::find_target("virt-a53"), 2'520'000); }
TEST(Instructions, OfTheYardstickNetOnRv32) { expect_ds48(target::find_target("rv32-virt"), 17'740'000); }

void expect_layer(const char* target_name, const Types& types, double pinned) {
  SCOPED_TRACE(target_name);
  const target::Target target = target::find_target(target_name);
  expect_instructions(target, plan_layer(target, types), pinned);
}

// What layers of fewer bits are held against.
TEST(Instructions, OfALayerOfCodesOnChips) {
  expect_layer("mps2-an386", kernels::s8_s8_s8, 4'090'000);
  expect_layer("mps3-an547", kernels::s8_s8_s8, 910'000);
  expect_layer("rv32-virt", kernels::s8_s8_s8, 14'500'000);
}

TEST(Instructions, OfABinaryLayerOnChips) {
  expect_layer("mps2-an386", kernels::b1_b1_s8, 1'270'000);
  expect_layer("rv32-virt", kernels::b1_b1_s8, 1'910'000);
}

TEST(Instructions, OfALayerOfCodesAndBitsOnChips) {
  expect_layer("mps2-an386", kernels::s8_b1_s8, 6'630'000);
  expect_layer("mps3-an547", kernels::s8_b1_s8, 1'790'000);
  expect_layer("rv32-virt", kernels::s8_b1_s8, 16'980'000);
}

// Unpacked once for some 70 pixels; windows are copied anew for each portion of channels.
TEST(Instructions, OfALayerWithCodebooksOnChips) {
  expect_layer("mps2-an386", kernels::s8_c4_s8, 6'650'000);
  expect_layer("mps3-an547", kernels::s8_c4_s8, 1'820'000);
  expect_layer("rv32-virt", kernels::s8_c4_s8, 17'030'000);
  expect_layer("mps2-an386", kernels::s8_c5_s8, 6'650'000);
  expect_layer("mps3-an547", kernels::s8_c5_s8, 1'830'000);
  expect_layer("rv32-virt", kernels::s8_c5_s8, 16'930'000);
}

}  // namespace
}  // namespace dimple::profile
