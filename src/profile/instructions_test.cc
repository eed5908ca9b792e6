// What an int8 inference of the yardstick net costs on chips, in instructions: emulators count them exactly, whatever
// else the machine does. Both ways: what gets faster is as much a change as what gets slower.
#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>

#include "compile/lower.h"
#include "compile/quantise.h"
#include "host/files.h"
#include "ir/initialise.h"
#include "profile/emulator.h"
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

void expect_instructions(const target::Target& target, double pinned) {
  const std::filesystem::path program =
      std::filesystem::path(testing::TempDir()) / ("dimple-count-" + std::to_string(::getpid()));
  host::write_atomic(program, plan_ds48(target));
  const host::ProcessResult ran = run_firmware(target, {.firmware = "count",
                                                        .images = std::filesystem::path(DIMPLE_BUILD_DIR) / "images",
                                                        .program = program,
                                                        .process = {.timeout = std::chrono::minutes(5)}});
  std::filesystem::remove(program);
  ASSERT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  std::istringstream words(ran.out);
  std::string all;
  double count = 0;
  words >> all >> count;
  ASSERT_EQ(all, "all") << ran.out;
  EXPECT_NEAR(count, pinned, 0.03 * pinned) << ran.out;
}

TEST(Instructions, OfTheYardstickNetOnACortexM4) { expect_instructions(target::find_target("mps2-an386"), 6'590'000); }
// One byte less than weights in 16 bits take.
TEST(Instructions, OfTheYardstickNetOnACortexM4WithLittleFlash) {
  target::Target target = target::find_target("mps2-an386");
  target.program_bytes = static_cast<int64_t>(plan_ds48(target).size()) - 1;
  expect_instructions(target, 8'310'000);
}
TEST(Instructions, OfTheYardstickNetOnACortexM55) { expect_instructions(target::find_target("mps3-an547"), 2'820'000); }
TEST(Instructions, OfTheYardstickNetOnRv32) { expect_instructions(target::find_target("rv32-virt"), 17'740'000); }

}  // namespace
}  // namespace dimple::profile
