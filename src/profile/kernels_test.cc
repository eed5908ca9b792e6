// The kernels of other machines' instruction sets, held against the reference on those machines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <sstream>

#include "host/files.h"
#include "profile/emulator.h"
#include "selftest/kernel_cases_testing.h"

namespace dimple::profile {
namespace {

constexpr uint32_t kCasesSeed = 20240612;
constexpr int kCaseRounds = 150;

struct Outcome {
  int cases = 0, differ = 0;
};

// Kernel -> outcome. The emulators are part of what this project needs to be tested: a missing one is a failure here.
std::map<std::string, Outcome> run_conformance(std::string_view machine_name) {
  const std::filesystem::path cases =
      std::filesystem::path(testing::TempDir()) / ("dimple-kernel-cases-" + std::to_string(::getpid()));
  host::write_atomic(cases, selftest::random_kernel_cases(kCasesSeed, kCaseRounds));
  std::map<std::string, Outcome> outcomes;
  for (const target::Target& target : emulated_targets()) {
    if (target.machine != machine_name) continue;
    const host::ProcessResult ran = run_firmware(target, {.firmware = "conformance",
                                                          .images = std::filesystem::path(DIMPLE_BUILD_DIR) / "images",
                                                          .program = cases,
                                                          .process = {.timeout = std::chrono::minutes(10)}});
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    std::istringstream words(ran.out);
    Outcome outcome;
    for (std::string name; words >> name >> outcome.cases >> outcome.differ;) outcomes[name] = outcome;
  }
  std::filesystem::remove(cases);
  return outcomes;
}

void expect_agreement(const std::map<std::string, Outcome>& outcomes) {
  for (const auto& [name, outcome] : outcomes) {
    EXPECT_EQ(outcome.differ, 0) << name;
    EXPECT_GT(outcome.cases, kCaseRounds / 6) << name;
  }
}

TEST(KernelsOnMachines, GiveTheReferencesBitsOnACortexM4) {
  const auto outcomes = run_conformance("cortex-m4");
  expect_agreement(outcomes);
  EXPECT_TRUE(outcomes.contains("conv2d_pointwise_s8_cortex_m_dsp"));
  EXPECT_TRUE(outcomes.contains("conv2d_b1_packed"));
}

TEST(KernelsOnMachines, GiveTheReferencesBitsOnAarch64) {
  const auto outcomes = run_conformance("aarch64");
  expect_agreement(outcomes);
  EXPECT_TRUE(outcomes.contains("conv2d_b1_packed"));
}

TEST(KernelsOnMachines, GiveTheReferencesBitsInWebAssembly) {
  const auto outcomes = run_conformance("wasm");
  expect_agreement(outcomes);
  EXPECT_TRUE(outcomes.contains("conv2d_b1_packed"));
}

}  // namespace
}  // namespace dimple::profile
