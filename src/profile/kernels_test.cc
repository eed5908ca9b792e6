// The kernels of other machines' instruction sets, held against the reference on those machines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "kernels/select.h"
#include "profile/emulator.h"
#include "selftest/kernel_cases_testing.h"

namespace dimple::profile {
namespace {

constexpr uint32_t kCasesSeed = 20240612;
constexpr int kCaseRounds = 150, kParts = 2;  // all at once do not fit a Cortex-M4

struct Outcome {
  int cases = 0, differ = 0;
};

// Kernel -> outcome. The emulators are part of what this project needs to be tested: a missing one is a failure here.
void run_conformance(const target::Target& target, int part, std::map<std::string, Outcome>& outcomes) {
  constexpr int kRounds = kCaseRounds / kParts;
  const ProgramFile cases(
      selftest::random_kernel_cases(kCasesSeed + static_cast<uint32_t>(part * kRounds), kRounds, target.isas));
  const host::ProcessResult ran = run_firmware(target, {.firmware = "conformance",
                                                        .images = std::filesystem::path(DIMPLE_BUILD_DIR) / "images",
                                                        .program = cases.path(),
                                                        .process = {.timeout = std::chrono::minutes(10)}});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  std::istringstream words(ran.out);
  Outcome outcome;
  for (std::string name; words >> name >> outcome.cases >> outcome.differ;)
    outcomes[name].cases += outcome.cases, outcomes[name].differ += outcome.differ;
}

// Of the instruction sets that target.json names, and of those that the emulator has beyond.
kernels::IsaSet isas_of(const target::Target& target) {
  return target.machine == "aarch64" ? target.isas.with(kernels::Isa::neon_dot) : target.isas;
}

// Codes to the bit, floats within the bound.
TEST(KernelsOnMachines, GiveTheReferencesAnswer) {
  for (const target::Target& target : emulated_targets()) {
    std::map<std::string, Outcome> outcomes;
    for (int part = 0; part < kParts; ++part) run_conformance(target, part, outcomes);
    for (const kernels::KernelInfo& kernel : kernels::all_kernels()) {
      if (!isas_of(target).has(kernel.isa) || &kernel == kernels::reference(kernel.op, kernel.types)) continue;
      ASSERT_TRUE(outcomes.contains(kernel.name)) << target.name << " lacks " << kernel.name;
      EXPECT_EQ(outcomes.at(kernel.name).differ, 0) << target.name << ": " << kernel.name;
      EXPECT_GT(outcomes.at(kernel.name).cases, kCaseRounds / 6) << target.name << ": " << kernel.name;
    }
  }
}

}  // namespace
}  // namespace dimple::profile
