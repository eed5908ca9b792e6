// A search that is killed, over and over, and goes on.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <sstream>
#include <thread>

#include "host/files.h"
#include "host/random.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

class SearchVerb : public TrainVerb {
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
  std::string decisions(const std::string& name) const {
    std::istringstream lines(host::read_text(run_folder(name) / "trials.csv"));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream cells(line);
      std::string cell;
      for (int column = 0; std::getline(cells, cell, ','); ++column)
        if (column != 9) text += cell + ",";
      text += "\n";
    }
    return text;
  }

  // Files of the run, those that are being written among them.
  size_t files_of(const std::string& name) const {
    size_t count = 0;
    std::error_code gone;  // between two looks
    for (fs::recursive_directory_iterator at(run_folder(name), gone), end; !gone && at != end; at.increment(gone))
      ++count;
    return count;
  }

  std::string want_;
};

// Twenty times, each at another change of its files: between two trials, in one, while its weights or the store are written.
TEST_F(SearchVerb, SurvivesTwentyKills) {
  host::Random random(7);
  const pid_t first = spawn(search("--name killed >/dev/null 2>&1"));
  wait_for(run_folder("killed") / "search.sqlite");
  ASSERT_TRUE(fs::exists(run_folder("killed") / "search.sqlite"));
  kill(first, SIGKILL);
  int status = 0, kills = 0;
  waitpid(first, &status, 0);
  for (int round = 1; round < 20; ++round) {
    const pid_t child = spawn(kLab + " search --resume " + run_folder("killed").string() + " >/dev/null 2>&1");
    const auto changes = 1 + random.below(6);
    size_t before = files_of("killed");
    bool ended = false;
    for (uint32_t seen = 0; seen < changes && !ended;) {
      if (const size_t now = files_of("killed"); now != before) before = now, ++seen;
      ended = waitpid(child, &status, WNOHANG) == child;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (ended) continue;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    kills += WIFSIGNALED(status);
  }
  EXPECT_GE(kills, 1);
  const auto resumed = run(resume("killed"));
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
  EXPECT_EQ(decisions("killed"), want_) << resumed.output;
}

TEST_F(SearchVerb, StopsAtCtrlCAndGoesOn) {
  const pid_t child = spawn(search("--name stopped >/dev/null 2>&1"));
  wait_for(run_folder("stopped") / "search.sqlite");
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_THAT(WEXITSTATUS(status), testing::AnyOf(130, 0));
  const auto resumed = run(resume("stopped"));
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
  EXPECT_EQ(decisions("stopped"), want_);
}

TEST_F(SearchVerb, TwoCannotGoOnWithOneFolder) {
  const pid_t child = spawn(search("--name busy --epochs 1000000 >/dev/null 2>&1"));
  wait_for(run_folder("busy") / "nets");  // it has the store by then
  const auto second = run(resume("busy"));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(second.exit, 2) << second.output;
  EXPECT_THAT(second.output, HasSubstr("in use by another search"));
}

// Two processes on the loopback make the search of one.
class SearchRanks : public SearchVerb {
 protected:
  ~SearchRanks() override {  // what a failed test has left
    for (const pid_t rank : ranks_)
      if (rank > 0 && waitpid(rank, nullptr, WNOHANG) == 0) kill(rank, SIGKILL), waitpid(rank, nullptr, 0);
  }
  void start(int number, const std::string& words) {
    ranks_[number] = spawn("env RANK=" + std::to_string(number) + " WORLD_SIZE=2 MASTER_PORT=" + std::to_string(port_) +
                           " " + words + " >" + log_of(number).string() + " 2>&1");
  }
  int exit_of(int number) {
    int status = 0;
    waitpid(ranks_[number], &status, 0);
    ranks_[number] = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  fs::path log_of(int number) const { return folder_ / (std::to_string(number) + ".txt"); }
  std::string said_by(int number) const { return host::read_text(log_of(number)); }

  const int port_ = 16100 + static_cast<int>(getpid()) % 7900;  // below those of trainings that are tested beside it
  pid_t ranks_[2] = {};
};

TEST_F(SearchRanks, TwoMakeTheSearchOfOne) {
  for (int number = 0; number < 2; ++number) start(number, search("--name pair"));
  EXPECT_EQ(exit_of(0), 0) << said_by(0);
  EXPECT_EQ(exit_of(1), 0) << said_by(1);
  EXPECT_EQ(decisions("pair"), want_) << said_by(0);
}

// Its trial is done by the one that leads when its lease is over.
TEST_F(SearchRanks, TheLeaderGoesOnWithoutTheOther) {
  for (int number = 0; number < 2; ++number) start(number, search("--name worker_killed"));
  wait_for(run_folder("worker_killed") / "nets");  // they have met
  kill(ranks_[1], SIGKILL);
  EXPECT_EQ(exit_of(1), -1);
  EXPECT_EQ(exit_of(0), 0) << said_by(0);
  EXPECT_EQ(decisions("worker_killed"), want_) << said_by(0);
}

TEST_F(SearchRanks, TheOtherEndsWithTheLeader) {
  for (int number = 0; number < 2; ++number) start(number, search("--name leader_killed --epochs 1000000"));
  wait_for(run_folder("leader_killed") / "nets");
  kill(ranks_[0], SIGKILL);
  EXPECT_EQ(exit_of(0), -1);
  EXPECT_EQ(exit_of(1), 1);
  EXPECT_THAT(said_by(1), HasSubstr("lost the others"));
}

}  // namespace
}  // namespace dimple::tests
