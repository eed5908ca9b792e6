// Several processes that train together, as a user starts them, and what becomes of the others when one is lost.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "host/files.h"
#include "tests/two_ranks_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

class TrainRanks : public TwoRanks {
 protected:
  // A long training of both, when its first epoch is over.
  void start_both(const std::string& more = "") {
    for (int i = 0; i < 2; ++i) ranks_[i] = start_rank(i, command("--name pair --epochs 4000 --batch 20 " + more));
    wait_for(run_folder_ / "results.csv");
  }
  // From where they were, not from the beginning: what the first epoch took stands there as before.
  void expect_both_go_on() const {
    const std::string before = first_epoch_in(run_folder_ / "results.csv"),
                      resume = kLab + " train --resume " + run_folder_.string() + " --max-minutes 0.02";
    const pid_t again[] = {start_rank(0, resume, 1), start_rank(1, resume, 1)};
    EXPECT_EQ(exit_of(again[0]), 0) << said_by(0);
    EXPECT_EQ(exit_of(again[1]), 0) << said_by(1);
    EXPECT_EQ(first_epoch_in(run_folder_ / "results.csv"), before);
  }

  const fs::path run_folder_ = folder_ / "train" / "pair";
};

TEST_F(TrainRanks, AKilledOneEndsTheOtherWhichLeavesACheckpointToGoOnFrom) {
  start_both();
  kill_rank(1);
  expect_loses_the_other(0, ranks_[0]);
  expect_both_go_on();
}

// It alone writes: what is there is the checkpoint of the epoch before.
TEST_F(TrainRanks, WhenTheFirstIsKilledTheOtherEndsAndBothGoOnFromTheLastCheckpoint) {
  start_both();
  wait_for_epochs(run_folder_ / "results.csv", 3);
  kill_rank(0);
  expect_loses_the_other(1, ranks_[1]);
  expect_both_go_on();
}

// Twenty seconds, where five minutes are usual: enough for two programs to start on a busy machine.
TEST_F(TrainRanks, OneThatHangsIsGivenUpAfterTheTimeout) {
  start_both("--rank-timeout-s 20");
  kill(ranks_[1], SIGSTOP);
  const auto began = std::chrono::steady_clock::now();
  expect_loses_the_other(0, ranks_[0]);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(90));
  kill_rank(1);
  expect_both_go_on();
}

TEST_F(TrainRanks, OneThatNeverComesIsGivenUpAfterTheTimeout) {
  const auto began = std::chrono::steady_clock::now();
  expect_loses_the_other(0, start_rank(0, command("--rank-timeout-s 2")));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(90));
}

TEST_F(TrainRanks, StudiesAndTimesAreForOneProcess) {
  for (const char* words : {"--seeds 1,2", "--time 5s"})
    EXPECT_EQ(run("RANK=0 WORLD_SIZE=2 " + command(std::string(words) + " 2>&1")).exit, 2) << words;
}

}  // namespace
}  // namespace dimple::tests
