// The everyday program: light to start, and nothing heavy behind it.
#include <gmock/gmock.h>

#include <sys/resource.h>

#include <algorithm>

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

// Processor time of the programs that were waited for: what else runs here does not count.
static double children_ms() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  const auto ms = [](const timeval& t) {
    return 1e3 * static_cast<double>(t.tv_sec) + 1e-3 * static_cast<double>(t.tv_usec);
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

TEST(Program, TellsItsVersionWithin50Milliseconds) {
  std::vector<double> times_ms;
  for (int round = 0; round < 11; ++round) {
    const double before = children_ms();
    ASSERT_EQ(run(kProgram + " --version").exit, 0);
    times_ms.push_back(children_ms() - before);
  }
  std::nth_element(times_ms.begin(), times_ms.begin() + 5, times_ms.end());
  RecordProperty("median_ms", std::to_string(times_ms[5]));
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "an instrumented build is slower";
  EXPECT_LT(times_ms[5], 50.0);
}

}  // namespace dimple::tests
