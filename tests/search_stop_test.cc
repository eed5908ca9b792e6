// A search that is killed, over and over, and goes on.
#include <gmock/gmock.h>
#include <signal.h>

#include "host/random.h"
#include "tests/file_changes_testing.h"
#include "tests/two_ranks_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

class SearchVerb : public TwoRanks {
 protected:
  SearchVerb() {
    EXPECT_EQ(run(command("--name given --epochs 2 2>&1")).exit, 0);
    const auto whole = run(search("--name whole 2>&1"));
    EXPECT_EQ(whole.exit, 0) << whole.output;
    want_ = decisions("whole");
  }

  std::string search(const std::string& more) const {
    return kLab + " search " + (folder_ / "train/given/weights/best.safetensors").string() + " --data " +
           (folder_ / "tiny.csv").string() + " --runs " + folder_.string() +
           " --epochs 1 --trials 9 --floor 0.01 --nested 0.2 --threads 1 --shares 2 --batch 10 " + more;
  }
  fs::path run_folder(const std::string& name) const { return folder_ / "search" / name; }
  std::string resume(const std::string& name) const {
    return kLab + " search --resume " + run_folder(name).string() + " 2>&1";
  }

  // Every trial, and what came of it; but not how long it took.
  std::string decisions(const std::string& name) const { return figures_of(run_folder(name) / "trials.csv"); }

  std::string want_;
};

// Twenty times, each at another change of its files: between two trials, in one, while its weights or the store are written.
TEST_F(SearchVerb, SurvivesTwentyKills) {
  host::Random random(7);
  const fs::path folder = run_folder("killed");
  const pid_t first = spawn(search("--name killed >/dev/null 2>&1"));
  wait_for(folder / "search.sqlite");
  ASSERT_TRUE(fs::exists(folder / "search.sqlite"));
  kill(first, SIGKILL);
  exit_of(first);
  int kills = 0;
  for (int round = 1; round < 20; ++round) {
    FileChanges changes(folder);  // of trials and their journal, and of weights
    const pid_t child = spawn(kLab + " search --resume " + folder.string() + " >/dev/null 2>&1");
    changes.wait(1 + static_cast<int>(random.below(40)), child);
    kill(child, SIGKILL);
    kills += exit_of(child) == -1;
  }
  EXPECT_GE(kills, 1);
  const auto resumed = run(resume("killed"));
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
  EXPECT_EQ(decisions("killed"), want_) << resumed.output;
}

TEST_F(SearchVerb, StopsAtCtrlCAndGoesOn) {
  EXPECT_THAT(interrupted_at(search("--name stopped >/dev/null 2>&1"), run_folder("stopped") / "search.sqlite"),
              testing::AnyOf(130, 0));
  const auto resumed = run(resume("stopped"));
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
  EXPECT_EQ(decisions("stopped"), want_);
}

TEST_F(SearchVerb, TwoCannotGoOnWithOneFolder) {
  const pid_t child = spawn(search("--name busy --epochs 1000000 >/dev/null 2>&1"));
  wait_for(run_folder("busy") / "nets");  // it has the store by then
  const auto second = run(resume("busy"));
  kill(child, SIGKILL);
  exit_of(child);
  EXPECT_EQ(second.exit, 2) << second.output;
  EXPECT_THAT(second.output, HasSubstr("in use by another search"));
}

// A limit of processor time ends every process of a trial that has no end, as a crash would.
TEST_F(SearchVerb, ATrialThatEndsItsProcessIsOneThatFailed) {
  const auto searched = run("ulimit -S -t 6; " + search("--name crashed --epochs 1000000 --trials 2 2>&1"));
  EXPECT_EQ(searched.exit, 0) << searched.output;
  EXPECT_THAT(searched.output, HasSubstr("   2  failed: its process was ended by signal 24 ("));
  EXPECT_THAT(searched.output, HasSubstr("2 networks were tried, 1 of them failed"));
}

TEST_F(SearchVerb, NothingComesOfAFirstNetworkThatEndsItsProcess) {
  const auto searched = run("ulimit -S -t 6; " + kLab + " search --arch embedded3 --first-epochs 1000000 --data " +
                            (folder_ / "tiny.csv").string() + " --runs " + folder_.string() + " --threads 1 2>&1");
  EXPECT_EQ(searched.exit, 1) << searched.output;
  EXPECT_THAT(searched.output, HasSubstr("the trial of the first network failed: its process was ended by signal 24"));
}

// Two processes on the loopback make the search of one.
class SearchRanks : public SearchVerb {
 protected:
  void start_both(const std::string& more) {
    for (int i = 0; i < 2; ++i) ranks_[i] = start_rank(i, search(more));
  }
};

TEST_F(SearchRanks, TwoMakeTheSearchOfOne) {
  start_both("--name pair");
  EXPECT_EQ(exit_of(ranks_[0]), 0) << said_by(0);
  EXPECT_EQ(exit_of(ranks_[1]), 0) << said_by(1);
  EXPECT_EQ(decisions("pair"), want_) << said_by(0);
}

// The leader does the trial of a process that has fallen silent.
TEST_F(SearchRanks, TheLeaderGoesOnWithoutTheOther) {
  start_both("--name worker_killed");
  wait_for(run_folder("worker_killed") / "nets");  // they have met
  kill_rank(1);
  EXPECT_EQ(exit_of(ranks_[0]), 0) << said_by(0);
  EXPECT_EQ(decisions("worker_killed"), want_) << said_by(0);
}

TEST_F(SearchRanks, TheOtherEndsWithTheLeader) {
  start_both("--name leader_killed --epochs 1000000");
  wait_for(run_folder("leader_killed") / "nets");
  kill_rank(0);
  expect_loses_the_other(1, ranks_[1]);
}

}  // namespace
}  // namespace dimple::tests
