// The everyday program: light to start, and nothing heavy behind it.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "tests/command.h"

namespace dimple::tests {

using testing::HasSubstr;
using testing::Not;

static const std::string kProgram = DIMPLE_PROGRAM;

TEST(Program, LinksNeitherLibtorchNorOpencvNorLibav) {
  // Their names alone: the addresses behind them have spelt "c10".
  std::string libraries = run("ldd " + kProgram + " | awk '{print $1}'").output;
  EXPECT_THAT(libraries, HasSubstr("libc.so"));
  for (const char* heavy : {"torch", "c10", "opencv", "libav", "libsw", "dlib"})
    EXPECT_THAT(libraries, Not(HasSubstr(heavy)));
}

TEST(Program, TellsItsVersionWithin50Milliseconds) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times_ms;
  for (int round = 0; round < 11; ++round) {
    Clock::time_point start = Clock::now();
    ASSERT_EQ(run(kProgram + " --version").exit, 0);
    times_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::nth_element(times_ms.begin(), times_ms.begin() + 5, times_ms.end());
  RecordProperty("median_ms", std::to_string(times_ms[5]));
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "an instrumented build is slower";
  EXPECT_LT(times_ms[5], 50.0);
}

}  // namespace dimple::tests
