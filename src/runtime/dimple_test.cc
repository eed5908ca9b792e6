#include "runtime/dimple.h"

#include <gtest/gtest.h>

#include "format/program_testing.h"
#include "ops/call.h"
#include "runtime/executor.h"

namespace dimple::runtime {
namespace {

struct Opened {
  std::vector<uint8_t> program = format::tiny_program();
  std::vector<uint8_t> memory;
  dimple_session session;
  int32_t status;

  Opened() : memory(dimple_memory_bytes(program.data(), bytes())) {
    status = dimple_open(&session, program.data(), bytes(), memory.data(), static_cast<uint32_t>(memory.size()));
  }
  uint32_t bytes() const { return static_cast<uint32_t>(program.size()); }
  uint32_t arena_bytes() const { return dimple_arena_bytes(program.data(), bytes()); }
};

int32_t as_int(Status status) { return static_cast<int32_t>(status); }

TEST(Session, RunsFromInputToOutput) {
  Opened o;
  ASSERT_EQ(o.status, 0) << dimple_describe(o.status);
  const dimple_tensor_info input = dimple_input(&o.session), logits = dimple_logits(&o.session),
                           output = dimple_output(&o.session);
  EXPECT_EQ(input.bytes, 60u);
  EXPECT_EQ(input.dtype, DIMPLE_S8);
  EXPECT_EQ(input.height * input.width * input.channels, 60);
  EXPECT_EQ(input.scale, 1.0f / 128);
  std::memset(input.data, 10, input.bytes);
  ASSERT_EQ(dimple_run(&o.session), 0);

  EXPECT_EQ(logits.dtype, DIMPLE_S8);
  EXPECT_EQ(output.dtype, DIMPLE_F32);
  const auto* scores = static_cast<const float*>(output.data);
  EXPECT_NEAR(scores[0] + scores[1] + scores[2], 1.0f, 1e-6f);
  EXPECT_EQ(scores[0], scores[1]);  // all weights are alike
}

TEST(Session, ForgetsNothingAndRemembersNothingBetweenRuns) {
  Opened o;
  std::vector<uint8_t> answers[2];
  for (std::vector<uint8_t>& answer : answers) {
    std::memset(dimple_input(&o.session).data, 77, dimple_input(&o.session).bytes);
    ASSERT_EQ(dimple_run(&o.session), 0);
    const dimple_tensor_info logits = dimple_logits(&o.session);
    answer.assign(static_cast<uint8_t*>(logits.data), static_cast<uint8_t*>(logits.data) + logits.bytes);
    std::fill_n(o.memory.begin(), o.arena_bytes(), 0xEE);
  }
  EXPECT_EQ(answers[0], answers[1]);
}

TEST(Session, TracesEveryStepInOrder) {
  Opened o;
  std::vector<uint32_t> steps;
  dimple_trace(
      &o.session,
      [](void* user, uint32_t step, const DimpleCall* call) {
        static_cast<std::vector<uint32_t>*>(user)->push_back(step);
        EXPECT_NE(call->in[0].data, nullptr);
        EXPECT_GT(call->out.channels, 0);
      },
      &steps);
  ASSERT_EQ(dimple_run(&o.session), 0);
  ASSERT_EQ(steps.size(), 17u);
  for (uint32_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i], i);
  dimple_trace(&o.session, nullptr, nullptr);
  ASSERT_EQ(dimple_run(&o.session), 0);
  EXPECT_EQ(steps.size(), 17u);
}

TEST(Session, KnowsTheHighestByteHandedOut) {
  Opened o;
  EXPECT_EQ(dimple_arena_high(&o.session), o.arena_bytes() - 12);  // the scratch: 20 of the last 32 bytes
}

TEST(Session, HandsOutTheMetadata) {
  Opened o;
  uint32_t bytes = 0;
  const char* metadata = dimple_metadata(&o.session, &bytes);
  EXPECT_EQ(std::string(metadata, bytes), "{}");
}

TEST(Session, RefusesSmallOrMisalignedMemory) {
  Opened o;
  const auto memory_bytes = static_cast<uint32_t>(o.memory.size());
  std::vector<uint8_t> wide(o.memory.size() + 64);
  EXPECT_EQ(dimple_open(&o.session, o.program.data(), o.bytes(), o.memory.data(), memory_bytes - 1),
            as_int(Status::memory_too_small));
  EXPECT_EQ(dimple_open(&o.session, o.program.data(), o.bytes(), wide.data() + 8, memory_bytes),
            as_int(Status::misaligned));
  EXPECT_EQ(dimple_open(&o.session, o.program.data(), o.bytes(), wide.data(), memory_bytes + 64), 0);
}

TEST(Session, StaysClosedAfterAFailure) {
  Opened o;
  EXPECT_NE(dimple_open(&o.session, o.program.data(), 20, o.memory.data(), 1), 0);
  EXPECT_EQ(dimple_run(&o.session), as_int(Status::wrong_order));
  EXPECT_EQ(dimple_input(&o.session).data, nullptr);
  EXPECT_EQ(dimple_metadata(&o.session, nullptr), nullptr);
}

TEST(Session, AnswersNullPointersWithAStatus) {
  Opened o;
  EXPECT_EQ(dimple_open(nullptr, o.program.data(), o.bytes(), o.memory.data(), 1), as_int(Status::bad_argument));
  EXPECT_EQ(dimple_open(&o.session, nullptr, 0, o.memory.data(), 1), as_int(Status::bad_argument));
  EXPECT_EQ(dimple_open(&o.session, o.program.data(), o.bytes(), nullptr, 0), as_int(Status::bad_argument));
  EXPECT_EQ(dimple_run(nullptr), as_int(Status::bad_argument));
  EXPECT_EQ(dimple_arena_bytes(nullptr, 0), 0u);
  EXPECT_EQ(dimple_output(nullptr).data, nullptr);
}

int32_t opened(const format::ProgramDraft& draft, uint8_t* memory, uint32_t bytes) {
  const std::vector<uint8_t> file = sealed(draft);
  dimple_session session;
  return dimple_open(&session, file.data(), static_cast<uint32_t>(file.size()), memory, bytes);
}

TEST(Session, RefusesTypesThatAnOperatorDoesNotHave) {
  format::ProgramDraft d;
  d.header.input = d.add_tensor(DType::s8, {1, 1, 4}, 0.1f, 3);
  d.header.output = d.header.logits = d.add_step(ops::OpCode::softmax, DType::s8, ops::Softmax{}, {d.header.input});
  alignas(16) uint8_t memory[64];
  EXPECT_EQ(opened(d, memory, sizeof memory), as_int(Status::unknown_type));
}

TEST(Session, HandsOutLabels) {
  format::ProgramDraft d = format::tiny_draft();
  d.labels = std::string("sad\0so so\0happy\0", 16);
  const std::vector<uint8_t> file = sealed(d);
  const auto bytes = static_cast<uint32_t>(file.size());
  std::vector<uint8_t> memory(dimple_memory_bytes(file.data(), bytes));
  dimple_session session;
  ASSERT_EQ(dimple_open(&session, file.data(), bytes, memory.data(), static_cast<uint32_t>(memory.size())), 0);
  EXPECT_STREQ(dimple_label(&session, 0), "sad");
  EXPECT_STREQ(dimple_label(&session, 1), "so so");
  EXPECT_STREQ(dimple_label(&session, 2), "happy");
  EXPECT_EQ(dimple_label(&session, 3), nullptr);
}

}  // namespace
}  // namespace dimple::runtime
