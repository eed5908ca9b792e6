#include "host/process.h"

#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::host {
namespace {

TEST(Process, GivesOutputErrorsAndExitCode) {
  const ProcessResult result = run_process({"sh", "-c", "echo to out; echo to err >&2; exit 3"});
  EXPECT_EQ(result.out, "to out\n");
  EXPECT_EQ(result.err, "to err\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_FALSE(result.timed_out);
}

TEST(Process, PassesArgumentsThroughNoShell) {
  EXPECT_EQ(run_process({"printf", "%s", "a b; $HOME *"}).out, "a b; $HOME *");
}

TEST(Process, ReadsNothingFromOurInput) { EXPECT_EQ(run_process({"cat"}).out, ""); }

TEST(Process, IsKilledWithItsChildrenWhenTheTimeIsUp) {
  const auto start = std::chrono::steady_clock::now();
  const ProcessResult result =
      run_process({"sh", "-c", "echo before; sleep 60 & sleep 60"}, {.timeout = std::chrono::seconds(2)});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + 9);
  EXPECT_EQ(result.out, "before\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Process, IsKilledAlsoWhenItClosedItsStreams) {
  const ProcessResult result =
      run_process({"sh", "-c", "exec >&- 2>&-; sleep 60"}, {.timeout = std::chrono::milliseconds(300)});
  EXPECT_TRUE(result.timed_out);
}

TEST(Process, OutputIsBounded) {
  const ProcessResult result = run_process({"head", "-c", "100000", "/dev/zero"}, {.output_limit = 1000});
  EXPECT_EQ(result.out.size(), 1000u);
  EXPECT_EQ(result.exit_code, 0);
}

TEST(Process, SaysWhichProgramCannotBeStarted) {
  try {
    run_process({"no-such-program-anywhere"});
    FAIL() << "it was started";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "cannot run no-such-program-anywhere: no such file");
  }
}

TEST(Process, FindsProgramsAsAShellWould) {
  EXPECT_TRUE(find_program("sh"));
  EXPECT_TRUE(find_program("/bin/sh"));
  EXPECT_FALSE(find_program("no-such-program-anywhere"));
  EXPECT_FALSE(find_program("./sh"));
}

}  // namespace
}  // namespace dimple::host
