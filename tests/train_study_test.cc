// Studies as a user runs them: many trainings, one command.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "host/files.h"
#include "host/json.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

TEST_F(TrainVerb, AStudyRunsItsMembersAndGoesOn) {
  const std::string out = (folder_ / "results").string();
  const std::string study = command("--seeds 1,2 --epochs 1 --name both --out " + out + " 2>&1");
  const auto first = run(study);
  ASSERT_EQ(first.exit, 0) << first.output;
  EXPECT_THAT(first.output, HasSubstr("| accuracy |"));
  EXPECT_TRUE(fs::exists(folder_ / "both" / "train" / "seed=2" / "weights" / "best.safetensors"));
  for (const char* file : {"seed=1.json", "seed=2.json", "summary.json", "../results.md"})
    EXPECT_TRUE(fs::exists(fs::path(out) / file)) << file;
  fs::remove(fs::path(out) / "seed=2.json");
  const auto kept = fs::last_write_time(fs::path(out) / "seed=1.json");
  const host::Json again = document("--seeds 1,2 --epochs 1 --name both --out " + out);
  EXPECT_EQ(again, host::parse_json(host::read_text(fs::path(out) / "summary.json"), "summary.json"));
  EXPECT_EQ(again["rows"].at(0)["figures"]["accuracy"]["runs"], 2);
  EXPECT_TRUE(fs::exists(fs::path(out) / "seed=2.json"));
  EXPECT_EQ(fs::last_write_time(fs::path(out) / "seed=1.json"), kept);
  EXPECT_EQ(run(command("--seeds 1,2 --epochs 1 --batch 64 --name both --out " + out + " 2>&1")).exit, 2);
}

TEST_F(TrainVerb, AStudyStoppedAtCtrlCGoesOnWithinItsMember) {
  constexpr int kEpochs = 60;
  const fs::path out = folder_ / "results", members = folder_ / "halted" / "train",
                 csv = members / "seed=1" / "results.csv";
  const std::string study =
      "--seeds 1,2 --batch 20 --name halted --epochs " + std::to_string(kEpochs) + " --out " + out.string();
  const pid_t child = start(study);
  wait_for_epochs(csv, 2);
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  ASSERT_LT(epochs_in(csv), kEpochs);
  const std::string before = host::read_text(csv);
  EXPECT_FALSE(fs::exists(members / "seed=2"));
  EXPECT_FALSE(fs::exists(out / "seed=1.json"));

  const auto again = run(command(study + " 2>&1"));
  ASSERT_EQ(again.exit, 0) << again.output;
  EXPECT_THAT(host::read_text(csv), testing::StartsWith(before));  // times included
  EXPECT_EQ(std::distance(fs::directory_iterator(members), {}), 2);
  for (const char* file : {"seed=1.json", "seed=2.json"})
    EXPECT_EQ(host::parse_json(host::read_text(out / file), file)["epochs"], kEpochs) << file;
  EXPECT_THAT(host::read_text(out.string() + ".md"), HasSubstr("| accuracy |"));
}

// A flag is asked for though it names what would hold anyway without the study.
TEST_F(TrainVerb, AFlagWeighsMoreThanAStudysBase) {
  std::ofstream(folder_ / "study.toml") << "[base]\nepochs = 1\nbatch = 40\n[axes]\nseed = [1]\n";
  const std::string study =
      command("--study " + (folder_ / "study.toml").string() + " --out " + (folder_ / "studied").string() + " ");
  const auto first = run(study + "--batch 128 2>&1");
  ASSERT_EQ(first.exit, 0) << first.output;
  const auto made = host::parse_json(host::read_text(folder_ / "studied/seed=1.json"), "seed=1.json");
  EXPECT_EQ(made["settings"]["batch"], 128);
  EXPECT_EQ(run(study + "2>&1").exit, 2) << "made with other settings";

  // Nor is a run of other settings gone on with for other results.
  const auto other = run(study + "--out " + (folder_ / "elsewhere").string() + " 2>&1");
  ASSERT_EQ(other.exit, 0) << other.output;
  const auto remade = host::parse_json(host::read_text(folder_ / "elsewhere/seed=1.json"), "seed=1.json");
  EXPECT_EQ(remade["settings"]["batch"], 40);
  EXPECT_THAT(host::read_text(folder_ / "study/train/seed=1.2/args.toml"), HasSubstr("batch = 40"));
}

}  // namespace
}  // namespace dimple::tests
