// dimple-lab train as a user runs it: what it leaves, how it stops, how it goes on.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "host/files.h"
#include "host/json.h"
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
    return kLab + " train " + (folder_ / "tiny.csv").string() + " --runs " + folder_.string() + " --threads 1 " + more;
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

// The votes say that every picture shows the next class: who believes them learns something else.
TEST_F(TrainVerb, LearnsFromVotesByTheShareAskedFor) {
  std::ofstream votes(folder_ / "fer2013new.csv");
  votes << "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";
  const int column_of_next_class[] = {5, 6, 1, 3, 2, 0, 4};  // the vote for the class after angry, disgust, fear, ...
  for (int i = 0; i < 140; ++i) {
    votes << (i < 100 ? "Training," : i < 120 ? "PublicTest," : "PrivateTest,");
    for (int column = 0; column < 10; ++column) votes << ',' << (column == column_of_next_class[i % 7] ? 10 : 0);
    votes << '\n';
  }
  votes.close();
  const auto accuracy = [&](const std::string& share) {
    const auto result =
        run(command("--epochs 8 --batch 10 --no-augment --seed 3 --warmup-epochs 0 --json --vote-share " + share +
                    " --name votes" + share + " 2>/dev/null"));
    EXPECT_EQ(result.exit, 0);
    return host::parse_json(result.output, "train --json")["best_val_acc"].get<double>();
  };
  EXPECT_GT(accuracy("0"), 0.8);
  EXPECT_LT(accuracy("1"), 0.5);
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
  ASSERT_EQ(run(command("--name full --epochs 100 --max-minutes 0.01 2>&1")).exit, 0);
  const fs::path run_folder = folder_ / "train" / "full", last = run_folder / "weights" / "last.safetensors";
  const std::string before = host::read_text(last);
  // 100 blocks of 512 bytes: a checkpoint of this net is larger.
  const auto result = run("trap '' XFSZ; ulimit -f 100; " + kLab + " train --resume " + run_folder.string() + " 2>&1");
  EXPECT_EQ(result.exit, 7) << result.output;
  EXPECT_EQ(host::read_text(last), before);
  EXPECT_EQ(run(kLab + " train --resume " + run_folder.string() + " --max-minutes 0.01 2>&1").exit, 0);
}

TEST_F(TrainVerb, BeginsWithTheWeightsOfAnotherRunAndKeepsItsBodyStill) {
  ASSERT_EQ(run(command("--name first --epochs 1 2>&1")).exit, 0);
  const std::string weights = (folder_ / "train" / "first" / "weights" / "last.safetensors").string();
  const auto result = run(command("--name second --epochs 1 --init " + weights + " --freeze body 2>&1"));
  EXPECT_EQ(result.exit, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("layers by name"));
  EXPECT_TRUE(fs::exists(folder_ / "train" / "second" / "init.json"));
  const auto other = run(command("--name third --epochs 1 --arch ds48 --init " + weights + " 2>&1"));
  EXPECT_EQ(other.exit, 5) << other.output;
  EXPECT_FALSE(fs::exists(folder_ / "train" / "third"));
}

TEST_F(TrainVerb, MistakesAreSaidPlainly) {
  EXPECT_EQ(run(kLab + " train /nosuch.csv 2>&1").exit, 3);
  EXPECT_EQ(run(command("--arch dimple_nan 2>&1")).exit, 2);
  EXPECT_THAT(run(command("--arch dimple_nan 2>&1")).output, HasSubstr("did you mean dimple_nano?"));
  EXPECT_EQ(run(command("--optimiser magic 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--freeze heads 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--init " + (folder_ / "tiny.csv").string() + " 2>&1")).exit, 5);
  EXPECT_EQ(run(command("--epocs 3 2>&1")).exit, 2);
  EXPECT_EQ(run(kLab + " train --resume " + folder_.string() + " 2>&1").exit, 2);
}

}  // namespace
}  // namespace dimple::tests
