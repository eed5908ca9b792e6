#include "workflow/signature.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/crc32.h"
#include "export/sample_programs_testing.h"
#include "format/program.h"
#include "host/error.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

SignatureReport sign(const std::vector<uint8_t>& program, SignatureRequest request = {}) {
  const host::Task task;
  if (request.images.empty()) request.images = std::string(DIMPLE_BUILD_DIR) + "/images";
  return sign_program(program, request, task);
}

const MachineResult& result_of(const SignatureReport& report, const std::string& name) {
  for (const MachineResult& machine : report.machines) {
    if (machine.machine == name) return machine;
  }
  throw std::runtime_error("no result of " + name);
}

// The emulators are part of what this project needs to be tested: a missing one is a failure here.
TEST(Signature, IsTheSameOnAllMachines) {
  const SignatureReport report = sign(exports::sample_integer_program(), {.all = true});
  ASSERT_EQ(report.machines.size(), 9u);
  for (const MachineResult& machine : report.machines) {
    if (&machine != &report.machines.front() &&
        machine.machine != "rv32-plain") {  // own kernels are in what was compared
      EXPECT_GT(machine.result.own_steps, 0u) << machine.machine;
    }
    EXPECT_EQ(machine.outcome, "ran") << machine.machine << ": " << machine.reason;
    EXPECT_EQ(print_signature(machine.result.signature), print_signature(report.signature())) << machine.machine;
    EXPECT_EQ(print_signature(machine.result.answers), print_signature(report.answers())) << machine.machine;
    EXPECT_EQ(machine.result.arena_used, machine.result.arena_planned) << machine.machine;
    EXPECT_EQ(machine.result.guard_changed, 0u) << machine.machine;
    EXPECT_GT(machine.result.guard_bytes, 4000u) << machine.machine;
    EXPECT_EQ(machine.result.steps, report.machines.front().result.steps) << machine.machine;
  }
  EXPECT_TRUE(report.passed());
}

TEST(Signature, IsTheSameForColourPicturesAndTheOtherNormalisation) {
  const SignatureReport report =
      sign(exports::sample_integer_program({48, 40, 3}, image::Normalise::offset), {.all = true});
  EXPECT_TRUE(report.passed());
  EXPECT_NE(report.signature(), sign(exports::sample_integer_program({48, 40, 3})).signature());
}

// Pinned: a commit that changes what is computed or answered says so in the change log.
TEST(Signature, OfTheShippedReaderIsWhatTheChangeLogSays) {
  const SignatureReport report = signature({}, host::Task{});
  EXPECT_EQ(print_signature(report.signature()), "e3c9b63ffc0be05b");
  EXPECT_EQ(print_signature(report.answers()), "5f2bf969af5c95f4");
}

TEST(Signature, OfTheBinaryReaderIsTheSameOnAllMachines) {
  const SignatureReport report = signature(
      {.model = "dimple-binary", .all = true, .images = std::string(DIMPLE_BUILD_DIR) + "/images"}, host::Task{});
  EXPECT_EQ(print_signature(report.signature()), "2d44ee2f8e6f26b8");
  EXPECT_EQ(print_signature(report.answers()), "faea1f1dd072e747");
  EXPECT_TRUE(report.passed());
  for (const MachineResult& machine : report.machines) EXPECT_EQ(machine.outcome, "ran") << machine.reason;
}

TEST(Signature, AloneLooksAtThisHostOnly) {
  const SignatureReport report = sign(exports::sample_integer_program());
  EXPECT_EQ(report.machines.size(), 1u);
  EXPECT_TRUE(report.passed());
}

TEST(Signature, ChangesWithOneWeight) {
  std::vector<uint8_t> other = exports::sample_integer_program();
  const uint64_t before = sign(other).signature();
  format::Header header;
  std::memcpy(&header, other.data(), sizeof header);
  other[header.constants_at] ^= 0x10;
  header.checksum = crc32({other.data() + 16, other.size() - 16});
  std::memcpy(other.data(), &header, sizeof header);
  EXPECT_NE(sign(other).signature(), before);
}

TEST(Signature, RefusesAFloatProgram) {
  try {
    sign(exports::sample_float_program());
    FAIL() << "it was signed";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::model);
    EXPECT_STREQ(error.what(), "only an integer model has a signature");
  }
}

TEST(Signature, RefusesADamagedProgram) {
  std::vector<uint8_t> program = exports::sample_integer_program();
  program[program.size() / 2] ^= 1;
  EXPECT_THROW(sign(program), Error);
  program.resize(40);
  EXPECT_THROW(sign(program), Error);
  EXPECT_THROW(sign({}), Error);
}

TEST(Signature, AMissingImageIsSkippedAndSaysSo) {
  const SignatureReport report = sign(exports::sample_integer_program(), {.all = true, .images = "/nonexistent"});
  const MachineResult machine = result_of(report, "wasm");
  EXPECT_EQ(machine.outcome, "skipped");
  EXPECT_NE(machine.reason.find("/nonexistent/wasm/signature.wasm"), std::string::npos) << machine.reason;
  EXPECT_TRUE(report.passed());  // nothing that ran differs
}

// A machine made of shell scripts, to see what the comparison does with a wrong answer.
class FakeImages : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("dimple-fake-images-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_ / "wasm");
    std::ofstream(folder_ / "wasm/signature.wasm") << "fake";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  MachineResult run_script(const std::string& script) {
    std::ofstream(folder_ / "wasm/run.mjs") << script;
    report_ = sign(exports::sample_integer_program(), {.all = true, .images = folder_.string(), .timeout_s = 3});
    return result_of(report_, "wasm");
  }

  std::filesystem::path folder_;
  SignatureReport report_;
};

std::string answer(const selftest::MachineSignature& result) {
  std::string script = "console.log(`";
  selftest::MachineSignature::visit(result, [&](const std::string& name, const auto& value) {
    const auto number = static_cast<uint64_t>(value);
    script += name + " " + (sizeof value == sizeof(uint64_t) ? print_signature(number) : std::to_string(number)) + "\n";
  });
  return script + "`)";
}

TEST_F(FakeImages, ADifferentSignatureFailsTheGate) {
  selftest::MachineSignature wrong = sign(exports::sample_integer_program()).machines[0].result;
  EXPECT_EQ(run_script(answer(wrong)).outcome, "ran");
  EXPECT_TRUE(report_.passed());
  wrong.signature ^= 1;
  EXPECT_EQ(run_script(answer(wrong)).outcome, "ran");
  EXPECT_FALSE(report_.equal);
  EXPECT_FALSE(report_.passed());
}

TEST_F(FakeImages, AnotherAnswerFailsTheGate) {
  selftest::MachineSignature wrong = sign(exports::sample_integer_program()).machines[0].result;
  wrong.answers ^= 1;
  EXPECT_EQ(run_script(answer(wrong)).outcome, "ran");
  EXPECT_FALSE(report_.equal);
}

TEST_F(FakeImages, ATouchedGuardOrAnUnusedArenaByteFailsTheGate) {
  const selftest::MachineSignature right = sign(exports::sample_integer_program()).machines[0].result;
  selftest::MachineSignature wrong = right;
  wrong.guard_changed = 1;
  run_script(answer(wrong));
  EXPECT_TRUE(report_.equal);
  EXPECT_FALSE(report_.passed());
  wrong = right;
  wrong.arena_used -= 1;
  run_script(answer(wrong));
  EXPECT_FALSE(report_.passed());
}

TEST_F(FakeImages, ACrashIsAFailureWithItsReason) {
  const MachineResult machine = run_script("console.error('out of cheese'); process.exit(9)");
  EXPECT_EQ(machine.outcome, "failed");
  EXPECT_EQ(machine.reason, "ended with exit code 9: out of cheese");
  EXPECT_FALSE(report_.passed());
}

TEST_F(FakeImages, AMachineThatHangsIsGivenUp) {
  const MachineResult machine = run_script("setInterval(() => {}, 1000)");
  EXPECT_EQ(machine.outcome, "failed");
  EXPECT_EQ(machine.reason, "no answer in time (--timeout-s)");
}

TEST_F(FakeImages, HalfAnAnswerIsAFailure) { EXPECT_EQ(run_script("console.log('status 0')").outcome, "failed"); }

}  // namespace
}  // namespace dimple::workflow
