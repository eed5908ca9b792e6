#include "inference/step_crew.h"

#include <gtest/gtest.h>

#include <cstring>

#include "compile/lower.h"
#include "compile/quantise.h"
#include "ir/initialise.h"
#include "runtime/executor.h"
#include "zoo/architectures.h"

namespace dimple::inference {
namespace {

struct Opened {
  host::AlignedBytes program, memory;
  dimple_session session{};

  explicit Opened(const std::vector<uint8_t>& file) : program(file) {
    const Span<const uint8_t> bytes(program.data(), program.size());
    memory = host::AlignedBytes(runtime::memory_bytes(bytes, kernels::isas_here()));
    EXPECT_EQ(runtime::prepare(session, bytes, {memory.data(), memory.size()}), Status::ok);
  }
  format::Program view() const { return format::view_program(program.data()); }

  std::vector<uint8_t> answer(uint8_t seed) {
    const dimple_tensor_info in = dimple_input(&session);
    for (uint32_t i = 0; i < in.bytes; ++i) static_cast<uint8_t*>(in.data)[i] = static_cast<uint8_t>(i * seed % 251);
    EXPECT_EQ(dimple_run(&session), 0);
    const dimple_tensor_info out = dimple_logits(&session);
    const auto* first = static_cast<const uint8_t*>(out.data);
    return {first, first + out.bytes};
  }
};

std::vector<uint8_t> program_of(const char* architecture, const compile::SharingOptions& sharing) {
  ir::Graph graph = zoo::make(architecture, {.input = {128, 128, 3}});
  ir::initialise(graph, 1);
  std::vector<int8_t> codes(static_cast<size_t>(graph.input.shape.elements()));
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i * 31 % 251);
  return compile::plan(compile::quantise(graph, {codes, 1.0f / 128}), {}, {.sharing = sharing});
}

TEST(StepCrew, GivesTheBitsOfOneThread) {
  for (const char* name : {"mobilenet_v2", "mobilenet_v3_small"}) {
    const std::vector<uint8_t> file = program_of(name, {.overlap = false});
    Opened alone(file), together(file);
    StepCrew crew(together.view(), kernels::isas_here(), 3);
    crew.serve(together.session);
    EXPECT_GT(crew.shared_steps(), 5);
    for (uint8_t seed = 1; seed < 20; ++seed) ASSERT_EQ(alone.answer(seed), together.answer(seed)) << name;
  }
}

// Rows of an output that runs over its input have an order.
TEST(StepCrew, LeavesStepsThatRunOverTheirInputAlone) {
  const std::vector<uint8_t> file = program_of("mobilenet_v2", {});
  Opened alone(file), together(file);
  StepCrew crew(together.view(), kernels::isas_here(), 2);
  const Opened apart(program_of("mobilenet_v2", {.overlap = false}));
  EXPECT_LT(crew.shared_steps(), StepCrew(apart.view(), kernels::isas_here(), 1).shared_steps());
  crew.serve(together.session);
  for (uint8_t seed = 1; seed < 5; ++seed) ASSERT_EQ(alone.answer(seed), together.answer(seed));
}

TEST(StepCrew, MoreThreadsThanRowsIsFine) {
  const std::vector<uint8_t> file = program_of("mobilenet_v2", {.overlap = false});
  Opened alone(file), together(file);
  StepCrew crew(together.view(), kernels::isas_here(), 9);
  crew.serve(together.session);
  EXPECT_EQ(alone.answer(7), together.answer(7));
}

}  // namespace
}  // namespace dimple::inference
