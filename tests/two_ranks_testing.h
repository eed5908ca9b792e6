// Two processes that work together, as a user starts them.
#pragma once
#include <unistd.h>

#include "host/files.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {

class TwoRanks : public TrainVerb {
 protected:
  ~TwoRanks() override {  // what a failed test has left
    for (const pid_t rank : ranks_)
      if (rank > 0 && waitpid(rank, nullptr, WNOHANG) == 0) kill(rank, SIGKILL), waitpid(rank, nullptr, 0);
  }
  // Both meet at this test's port, plus `more`; what they say lies in `<number>.txt`.
  pid_t start_rank(int number, const std::string& words, int more = 0) const {
    return spawn("env RANK=" + std::to_string(number) + " WORLD_SIZE=2 MASTER_PORT=" + std::to_string(port_ + more) +
                 " " + words + " >" + log_of(number).string() + " 2>&1");
  }
  void kill_rank(int number) const {
    kill(ranks_[number], SIGKILL);
    EXPECT_EQ(exit_of(ranks_[number]), -1);
  }
  void expect_loses_the_other(int number, pid_t rank) const {
    EXPECT_EQ(exit_of(rank), 1);
    EXPECT_THAT(said_by(number), testing::HasSubstr("rank " + std::to_string(number) + " of 2 lost the others"));
  }
  fs::path log_of(int number) const { return folder_ / (std::to_string(number) + ".txt"); }
  std::string said_by(int number) const { return host::read_text(log_of(number)); }

  const int port_ = 24100 + static_cast<int>(getpid()) % 8000;  // below those that a system gives away by itself
  pid_t ranks_[2] = {};
};

}  // namespace dimple::tests
