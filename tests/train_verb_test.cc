// dimple-lab train as a user runs it: what it leaves, how it stops, how it goes on.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/command.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kLab = DIMPLE_LAB_PROGRAM;

class TrainVerb : public testing::Test {
 protected:
  TrainVerb() : folder_(fs::temp_directory_path() / ("dimple-train-" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream csv(folder_ / "tiny.csv");
    csv << "emotion,pixels,Usage\n";
    for (int i = 0; i < 140; ++i) {
      csv << i % 7 << ",";
      for (int p = 0; p < 48 * 48; ++p)
        csv << (p ? " " : "") << (p % 48 / 7 == i % 7 ? 200 : 40) + (p * 31 + i * 17) % 23;
      csv << (i < 100 ? ",Training\n" : i < 120 ? ",PublicTest\n" : ",PrivateTest\n");
    }
  }
  ~TrainVerb() override { fs::remove_all(folder_); }

  std::string command(const std::string& more) const {
    return kLab + " train " + (folder_ / "tiny.csv").string() + " --runs " + folder_.string() +
           " --threads 1 --vote-share 0 " + more;
  }

  fs::path folder_;
};

TEST_F(TrainVerb, LeavesARunFolderWithEverythingInIt) {
  const auto result = run(command("--name r --epochs 2 2>&1"));
  ASSERT_EQ(result.exit, 0) << result.output;
  for (const char* file : {"args.toml", "env.json", "data.lock.json", "results.csv", "results.svg", "log.jsonl",
                           "confusion_matrix.svg", "confusion_matrix.csv", "per_class.csv", "reliability.svg",
                           "top_losses.csv", "MODEL_CARD.md", "weights/last.safetensors", "weights/best.safetensors"})
    EXPECT_TRUE(fs::exists(folder_ / "train" / "r" / file)) << file;
}

TEST_F(TrainVerb, StopsAtCtrlCAndGoesOn) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string line = "exec " + command("--name stopped --epochs 200 >/dev/null 2>&1");
    execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    _exit(127);
  }
  const fs::path results = folder_ / "train" / "stopped" / "results.csv";
  for (int i = 0; i < 1200 && !fs::exists(results); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  const auto resumed =
      run(kLab + " train --resume " + (folder_ / "train" / "stopped").string() + " --max-minutes 0.02 2>&1");
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
}

TEST_F(TrainVerb, SurvivesAKillAtAnyMoment) {
  for (const int milliseconds : {400, 900, 1500}) {
    const std::string name = "killed" + std::to_string(milliseconds);
    const pid_t child = fork();
    if (child == 0) {
      const std::string line =
          "exec " + command("--name " + name + " --epochs 200 --checkpoint-minutes 0.005 >/dev/null 2>&1");
      execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
    const fs::path last = folder_ / "train" / name / "weights" / "last.safetensors";
    for (int i = 0; i < 1200 && !fs::exists(last); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto resumed =
        run(kLab + " train --resume " + (folder_ / "train" / name).string() + " --max-minutes 0.01 2>&1");
    EXPECT_EQ(resumed.exit, 0) << "killed after " << milliseconds << " ms: " << resumed.output;
  }
}

TEST_F(TrainVerb, AFullDiskEndsWithItsExitCodeAndKeepsTheLastCheckpoint) {
  ASSERT_EQ(run(command("--name full --epochs 1 2>&1")).exit, 0);
  const fs::path last = folder_ / "train" / "full" / "weights" / "last.safetensors";
  const auto before = fs::file_size(last);
  // 100 blocks of 512 bytes: a checkpoint of this net is larger.
  const auto result = run("trap '' XFSZ; ulimit -f 100; " + command("--name full2 --epochs 1 2>&1"));
  EXPECT_EQ(result.exit, 7) << result.output;
  EXPECT_FALSE(fs::exists(folder_ / "train" / "full2" / "weights" / "last.safetensors"));
  EXPECT_EQ(fs::file_size(last), before);
}

TEST_F(TrainVerb, MistakesAreSaidPlainly) {
  EXPECT_EQ(run(kLab + " train /nosuch.csv 2>&1").exit, 3);
  EXPECT_EQ(run(command("--arch dimple_nan 2>&1")).exit, 2);
  EXPECT_THAT(run(command("--arch dimple_nan 2>&1")).output, HasSubstr("did you mean dimple_nano?"));
  EXPECT_EQ(run(command("--optimiser magic 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--epocs 3 2>&1")).exit, 2);
  EXPECT_EQ(run(kLab + " train --resume " + folder_.string() + " 2>&1").exit, 2);
}

}  // namespace
}  // namespace dimple::tests
