#include "runtime/executor.h"

#include <gtest/gtest.h>

#include <optional>

#include "format/program_testing.h"
#include "host/aligned_bytes.h"
#include "host/growth_testing.h"
#include "kernels/pack.h"

namespace dimple::runtime {
namespace {

using format::Layout;
using format::ProgramDraft;
using kernels::Isa;
using kernels::IsaSet;

// What the program answers when it may use these instruction sets; nothing where no kernel takes it.
std::optional<std::vector<int8_t>> answer(const ProgramDraft& draft, IsaSet isas) {
  const host::AlignedBytes program(format::sealed(draft));
  const Span<const uint8_t> bytes(program.data(), program.size());
  const MemoryPlan plan = plan_memory(format::read_program(bytes).value(), isas);
  host::AlignedBytes memory(plan.bytes);
  dimple_session session;
  const Status opened = prepare(session, bytes, {memory.data(), memory.size()}, isas);
  EXPECT_EQ(opened, plan.status);
  if (opened == Status::no_kernel) return std::nullopt;
  const dimple_tensor_info in = dimple_input(&session), out = dimple_output(&session);
  for (uint32_t i = 0; i < in.bytes; ++i) static_cast<int8_t*>(in.data)[i] = static_cast<int8_t>(29 * i);
  EXPECT_EQ(run(session), Status::ok);
  const auto* codes = static_cast<const int8_t*>(out.data);
  return std::vector<int8_t>(codes, codes + out.bytes);
}

// The same program with its weights packed ahead of time.
ProgramDraft packed(ProgramDraft draft, Layout layout) {
  const ops::Dims weight{{ops::Axis::out, 11}, {ops::Axis::in, 6}};
  std::vector<uint8_t> bytes(static_cast<size_t>(format::packed_bytes(layout, weight)));
  const format::StepRecord& step = draft.steps[0];
  const auto words = [&](uint32_t at) { return reinterpret_cast<const int32_t*>(draft.constants.data() + at); };
  ops::Call call{};
  call.weight = draft.constants.data() + step.weight, call.bias = words(step.bias);
  call.multiplier = words(step.multiplier), call.shift = words(step.shift);
  call.in[0].zero_point = draft.tensors[step.in[0]].zero_point;
  call.out.zero_point = draft.tensors[step.out].zero_point;
  kernels::pack(layout, DType::s8, weight, call, bytes.data());
  draft.steps[0].weight = draft.add_constant(bytes);
  draft.steps[0].layout = layout;
  return draft;
}

TEST(Executor, AnswersTheSameWhateverTheMachineHas) {
  for (const ProgramDraft& draft : {format::tiny_draft(), format::pointwise_draft()})
    EXPECT_EQ(answer(draft, kernels::isas_here()), answer(draft, {}));
}

// Whether a tensor is written before it is read is looked for among all steps before: there are 4,096 at most.
TEST(Executor, OpensInTimeByThePairsOfSteps) {
  const auto open = [](size_t steps) {
    ProgramDraft draft;
    draft.header.input = draft.add_tensor(DType::s8, {1, 1, 16}, 0.1f, 3);
    uint32_t last = draft.header.input;
    for (size_t i = 0; i < steps; ++i) last = draft.add_step(ops::OpCode::relu, DType::s8, ops::Relu{}, {last});
    draft.header.output = draft.header.logits = last;
    EXPECT_TRUE(answer(draft, {}).has_value());
  };
  EXPECT_TRUE(host::grows_with(open, 100, 2));
}

TEST(Executor, RunsWeightsThatWerePackedAheadWhereAKernelWantsThem) {
  const ProgramDraft draft = packed(format::pointwise_draft(), Layout::out8_in2_s16);
  EXPECT_FALSE(answer(draft, {}).has_value());
  if (!kernels::isas_here().has(Isa::avx2)) GTEST_SKIP() << "no kernel of this machine wants them packed";
  EXPECT_EQ(answer(draft, kernels::isas_here()), answer(format::pointwise_draft(), {}));
}

}  // namespace
}  // namespace dimple::runtime
