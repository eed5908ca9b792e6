// A training that is stopped, killed or out of disk, and goes on.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "host/files.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

TEST_F(TrainVerb, StopsAtCtrlCAndGoesOn) {
  const pid_t child = start("--name stopped --epochs 100000");
  wait_for(folder_ / "train" / "stopped" / "results.csv");
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  const auto resumed =
      run(kLab + " train --resume " + (folder_ / "train" / "stopped").string() + " --max-minutes 0.02 2>&1");
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
}

// Whatever is killed in the middle of an epoch, or while it writes: gone on with, it ends with the table of a training
// without a kill, every epoch once, and its best weights. A training that is killed before its first checkpoint
// says so.
TEST_F(TrainVerb, SurvivesAKillAtAnyMoment) {
  using std::chrono::milliseconds, std::chrono::steady_clock;
  constexpr int kEarly = 2, kLate = 5, kEpochs = 20;
  const std::string how = " --epochs " + std::to_string(kEpochs) + " --batch 10 --checkpoint-minutes 0.0005";
  const auto began = steady_clock::now();
  const auto undisturbed = run(command("--name whole" + how + " 2>&1"));
  const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began).count();
  ASSERT_EQ(undisturbed.exit, 0) << undisturbed.output;
  const std::string want = figures_of(folder_ / "train" / "whole" / "results.csv");
  ASSERT_EQ(std::count(want.begin(), want.end(), '\n'), kEpochs + 1) << want;
  const std::string best = host::read_text(folder_ / "train" / "whole" / "weights" / "best.safetensors");

  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int kills = 0, tries = 0; kills < kEarly + kLate; ++tries) {
    ASSERT_LT(tries, 3 * (kEarly + kLate)) << "seed " << seed;
    const std::string name = "killed" + std::to_string(tries);
    const fs::path run_folder = folder_ / "train" / name, last = run_folder / "weights" / "last.safetensors",
                   results = run_folder / "results.csv";
    const bool early = kills < kEarly;
    // A late one comes while it trains: two to nine epochs are over, and about half are still to come.
    const int epochs = early ? 0 : 2 + static_cast<int>(random() % 8);
    const auto delay = static_cast<int>(random() % (1 + took / (early ? 4 : kEpochs)));
    const pid_t child = start("--name " + name + how);
    wait_for_epochs(results, epochs);
    std::this_thread::sleep_for(milliseconds(delay));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;  // this machine slept until all was over
    ++kills;
    const bool begun = fs::exists(last);
    const std::string before = early ? "" : first_epoch_in(results);
    const auto resumed = run(kLab + " train --resume " + run_folder.string() + " 2>&1");
    const std::string when = "seed " + std::to_string(seed) + ", killed " + std::to_string(delay) + " ms after epoch " +
                             std::to_string(epochs) + ": " + resumed.output;
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << when;
    EXPECT_TRUE(begun || early) << when;
    EXPECT_EQ(resumed.exit, begun ? 0 : 2) << when;
    if (begun) {
      EXPECT_EQ(figures_of(results), want) << when;
      EXPECT_TRUE(host::read_text(run_folder / "weights" / "best.safetensors") == best) << when;
    } else {
      EXPECT_THAT(resumed.output, testing::AnyOf(HasSubstr("is not the folder of a training"),
                                                 HasSubstr("stopped before its first checkpoint")))
          << when;
    }
    if (!early) {  // from a checkpoint, not from the beginning
      EXPECT_EQ(first_epoch_in(results), before) << when;
    }
  }
}

// The same run on a machine of other cores, where the number of threads was left to the machine: what is learned
// depends on the shares that it began with.
TEST_F(TrainVerb, GoesOnWithTheSharesItBeganWith) {
  ASSERT_EQ(run(command("--name cores --epochs 2 2>&1")).exit, 0);
  const fs::path run_folder = folder_ / "train" / "cores", args = run_folder / "args.toml";
  std::string text = host::read_text(args);
  text.replace(text.find("threads = 1\n"), 12, "threads = 3\n");
  host::write_atomic(args, text);
  const auto resumed = run(kLab + " train --resume " + run_folder.string() + " 2>&1");
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
}

TEST_F(TrainVerb, GoesOnWithTheTeacherItBeganWith) {
  const fs::path weights = folder_ / "train" / "first" / "weights";
  ASSERT_EQ(run(command("--name first --epochs 2 2>&1")).exit, 0);
  const std::string teacher = (folder_ / "teacher.safetensors").string();
  fs::copy_file(weights / "best.safetensors", teacher);
  const auto too_much = run(command("--name refused --max-macs 1000 --teacher " + teacher + " 2>&1"));
  EXPECT_EQ(too_much.exit, 5) << too_much.output;
  EXPECT_THAT(too_much.output, HasSubstr("multiply-adds for one face, the limit is 1000"));
  EXPECT_FALSE(fs::exists(folder_ / "train" / "refused"));
  ASSERT_EQ(run(command("--name taught --epochs 2 --teacher " + teacher + " 2>&1")).exit, 0);
  const std::string resume = kLab + " train --resume " + (folder_ / "train" / "taught").string() + " 2>&1";
  EXPECT_EQ(run(resume).exit, 0);
  fs::copy_file(weights / "last.safetensors", teacher, fs::copy_options::overwrite_existing);
  const auto other = run(resume);
  EXPECT_EQ(other.exit, 3) << other.output;
  EXPECT_THAT(other.output, HasSubstr("is not the teacher this run began with"));
}

// From the first moment on: while it links, reads the data, makes batches, evaluates. What is left can always be gone
// on with, or says that it never got so far.
TEST_F(TrainVerb, StopsAtCtrlCAtAnyMoment) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int number = 0; number < 5; ++number) {
    const std::string name = "stopped" + std::to_string(number);
    const pid_t child = start("--name " + name + " --epochs 100000");
    const auto milliseconds = static_cast<int>(random() % 3000);
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    const std::string when = "seed " + std::to_string(seed) + ", after " + std::to_string(milliseconds) + " ms";
    const fs::path run_folder = folder_ / "train" / name;
    if (WIFSIGNALED(status)) {  // before main could say that it wants to know
      EXPECT_EQ(WTERMSIG(status), SIGINT) << when;
      EXPECT_FALSE(fs::exists(run_folder)) << when;
      continue;
    }
    EXPECT_EQ(WEXITSTATUS(status), 130) << when;
    if (!fs::exists(run_folder)) continue;
    ASSERT_TRUE(fs::exists(run_folder / "weights" / "last.safetensors")) << when;
    EXPECT_EQ(run(kLab + " train --resume " + run_folder.string() + " --max-minutes 0.01 2>&1").exit, 0) << when;
  }
}

TEST_F(TrainVerb, AFullDiskEndsWithItsExitCodeAndKeepsTheLastCheckpoint) {
  ASSERT_EQ(run(command("--name full --epochs 100 --max-minutes 0.01 2>&1")).exit, 0);
  const fs::path run_folder = folder_ / "train" / "full", last = run_folder / "weights" / "last.safetensors";
  const std::string before = host::read_text(last);
  // 100 blocks of 512 bytes: a checkpoint of this net is larger.
  const auto result = run("trap '' XFSZ; ulimit -f 100; " + kLab + " train --resume " + run_folder.string() + " 2>&1");
  EXPECT_EQ(result.exit, 7) << result.output;
  EXPECT_EQ(host::read_text(last), before);
  EXPECT_EQ(run(kLab + " train --resume " + run_folder.string() + " --max-minutes 0.01 2>&1").exit, 0);
}

// A disk of its own that two checkpoints at once do not fit on, mounted where this machine lets us.
TEST_F(TrainVerb, OnADiskThatIsReallyFullNothingIsLost) {
  ASSERT_EQ(run(command("--name measured --epochs 1 2>&1")).exit, 0);
  const auto checkpoint = fs::file_size(folder_ / "train/measured/weights/last.safetensors");
  const fs::path disk = folder_ / "disk";
  fs::create_directories(disk);
  const auto mount = [&](const std::string& options) {
    return run("mount -t tmpfs -o " + options + " tmpfs " + disk.string() + " 2>&1").exit == 0;
  };
  if (!mount("size=" + std::to_string(2 * checkpoint))) GTEST_SKIP() << "this needs the right to mount a small disk";
  const auto full = run(command("--name full --epochs 100 --runs " + disk.string() + " 2>&1"));
  EXPECT_EQ(full.exit, 7) << full.output;
  EXPECT_THAT(full.output, HasSubstr("the disk is full"));
  EXPECT_TRUE(mount("remount,size=64m"));
  const auto resumed = run(kLab + " train --resume " + (disk / "train/full").string() + " --max-minutes 0.01 2>&1");
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
  run("umount " + disk.string());
}

}  // namespace
}  // namespace dimple::tests
