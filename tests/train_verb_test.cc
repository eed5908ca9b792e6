// dimple-lab train as a user runs it: what it leaves, how it stops, how it goes on.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "host/files.h"
#include "host/json.h"
#include "media/encode.h"
#include "model/model.h"
#include "model/pth_testing.h"
#include "tests/command.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kLab = DIMPLE_LAB_PROGRAM;

// How many epochs stand in a results.csv.
int epochs_in(const fs::path& csv) {
  if (!fs::exists(csv)) return 0;
  const std::string text = host::read_text(csv);
  return static_cast<int>(std::ranges::count(text, '\n')) - 1;
}

// Its first row, times included: a training that began anew would have others.
std::string first_epoch_in(const fs::path& csv) {
  const std::string text = host::read_text(csv);
  const size_t at = text.find('\n') + 1;
  return text.substr(at, text.find('\n', at) - at);
}

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

  // In the background; the process is the training itself.
  pid_t start(const std::string& more) const {
    const pid_t child = fork();
    if (child == 0) {
      const std::string line = "exec " + command(more + " >/dev/null 2>&1");
      execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
    return child;
  }
  static void wait_for(const fs::path& file) {
    for (int i = 0; i < 1200 && !fs::exists(file); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  static void wait_for_epochs(const fs::path& csv, int epochs) {
    for (int i = 0; i < 6000 && epochs_in(csv) < epochs; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // Another picture for every number.
  static void draw(const fs::path& file, int number) {
    media::Picture picture(16, 16, 1);
    for (size_t p = 0; p < picture.pixels.size(); ++p) picture.pixels[p] = static_cast<uint8_t>(p * (number + 1));
    media::save_picture(file, picture);
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
  // What the weights depend on, beside the settings.
  const auto json = [&](const char* file) {
    return host::parse_json(host::read_text(folder_ / "train/r" / file), file);
  };
  EXPECT_EQ(json("env.json")["shares"], 1);
  EXPECT_EQ(json("env.json")["precision"], "f32");
  EXPECT_EQ(json("data.lock.json")["split_sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(json("data.lock.json")["fold"], 0);
  // A picture can be found again by its row in the source.
  EXPECT_THAT(host::read_text(folder_ / "train/r/top_losses.csv"),
              testing::ContainsRegex("^picture,truth,answer,[a-z_,]*\nrow 1[01][0-9],"));
}

// A split file that was written anew while the run rested.
TEST_F(TrainVerb, GoesOnWithTheSplitItBeganWith) {
  const fs::path split = folder_ / "split.csv";
  const char* const names[] = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
  const auto write = [&](int tested) {
    std::ofstream csv(split);
    csv << "key,subject,label,split\n";
    for (int i = 0; i < 140; ++i)
      csv << "row " << i << ",," << names[i % 7] << (i < tested ? ",test\n" : i < 40 ? ",validation\n" : ",train\n");
  };
  write(20);
  const auto first = run(command("--name split --epochs 1 --split " + split.string() + " 2>&1"));
  ASSERT_EQ(first.exit, 0) << first.output;
  write(21);
  const auto other = run(kLab + " train --resume " + (folder_ / "train" / "split").string() + " 2>&1");
  EXPECT_EQ(other.exit, 3) << other.output;
  EXPECT_THAT(other.output, HasSubstr("is not the data this run began with"));
}

TEST_F(TrainVerb, BranchesLeftOutInTrainingAreThereAfterwards) {
  ASSERT_EQ(run(command("--name deep --epochs 2 --drop-path 0.3 2>&1")).exit, 0);
  const std::string best = (folder_ / "train/deep/weights/best.safetensors").string();
  EXPECT_EQ(run(kLab + " train --resume " + (folder_ / "train/deep").string() + " 2>&1").exit, 0);
  EXPECT_EQ(run(command("--name onwards --epochs 1 --init " + best + " 2>&1")).exit, 0);
  const auto shown = run(std::string(DIMPLE_PROGRAM) + " val " + (folder_ / "tiny.csv").string() + " --model " + best +
                         " --no-save --resamples 10 2>&1");
  EXPECT_EQ(shown.exit, 0) << shown.output;
  EXPECT_EQ(run(command("--arch ds48 --drop-path 0.3 2>&1")).exit, 2) << "it has no shortcuts";
}

// What is one class in training is one in the test, though the other set calls it by both names.
TEST_F(TrainVerb, RenamedClassesHoldForTheTestData) {
  const std::string tiny = (folder_ / "tiny.csv").string();
  const std::string test = "--epochs 1 --map fear=surprise --test --test-data " + tiny;
  const auto result = run(command("--name renamed " + test + " 2>&1"));
  ASSERT_EQ(result.exit, 0) << result.output;
  const auto json = host::parse_json(host::read_text(folder_ / "train/renamed/test.json"), "test.json");
  EXPECT_EQ(json["classes"].size(), 6u);
  EXPECT_EQ(json["per_class"]["surprise"]["support"], 6);  // of twenty pictures, two and a bit of seven classes
}

// Before hours are spent.
TEST_F(TrainVerb, AMistakeInTheTestDataIsSaidBeforeTheTraining) {
  EXPECT_EQ(run(command("--name early --test-data /nosuch 2>&1")).exit, 2) << "without --test";
  const auto missing = run(command("--name early --test --test-data /nosuch 2>&1"));
  EXPECT_EQ(missing.exit, 3) << missing.output;
  const auto strange =
      run(command("--name early --test --test-protocol cafe --test-data " + (folder_ / "tiny.csv").string() + " 2>&1"));
  EXPECT_EQ(strange.exit, 3) << strange.output;
  EXPECT_FALSE(fs::exists(folder_ / "train" / "early"));
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
  const pid_t child = start("--name stopped --epochs 200");
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

// results.csv without what a clock says.
std::string figures_of(const fs::path& csv) {
  std::istringstream lines(host::read_text(csv));
  std::string kept;
  std::vector<bool> clock;  // by column
  for (std::string line; std::getline(lines, line); kept += '\n') {
    std::istringstream cells(line);
    size_t column = 0;
    for (std::string cell; std::getline(cells, cell, ','); ++column) {
      if (kept.find('\n') == std::string::npos) clock.push_back(cell == "time_s" || cell == "img_per_s");
      if (!clock.at(column)) kept += cell + ',';
    }
  }
  return kept;
}

// Whatever is killed in the middle of an epoch, or while it writes: gone on with, it ends with the table of a training
// that nobody disturbed, every epoch once. A training that is killed before its first checkpoint says so.
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

  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int kill_number = 0; kill_number < kEarly + kLate; ++kill_number) {
    const std::string name = "killed" + std::to_string(kill_number);
    const fs::path run_folder = folder_ / "train" / name, last = run_folder / "weights" / "last.safetensors",
                   results = run_folder / "results.csv";
    const bool early = kill_number < kEarly;
    // A late one comes while it trains: two to nine epochs are over, and about half are still to come.
    const int epochs = early ? 0 : 2 + static_cast<int>(random() % 8);
    const auto delay = static_cast<int>(random() % (1 + took / (early ? 4 : kEpochs)));
    const pid_t child = start("--name " + name + how);
    wait_for_epochs(results, epochs);
    std::this_thread::sleep_for(milliseconds(delay));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    const bool begun = fs::exists(last);
    const std::string before = early ? "" : first_epoch_in(results);
    const auto resumed = run(kLab + " train --resume " + run_folder.string() + " 2>&1");
    const std::string when = "seed " + std::to_string(seed) + ", killed " + std::to_string(delay) + " ms after epoch " +
                             std::to_string(epochs) + ": " + resumed.output;
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << when;
    EXPECT_TRUE(begun || early) << when;
    EXPECT_EQ(resumed.exit, begun ? 0 : 2) << when;
    if (begun)
      EXPECT_EQ(figures_of(results), want) << when;
    else
      EXPECT_THAT(resumed.output, testing::AnyOf(HasSubstr("is not the folder of a training"),
                                                 HasSubstr("stopped before its first checkpoint")))
          << when;
    if (!early) {  // from a checkpoint, not from the beginning
      EXPECT_EQ(first_epoch_in(results), before) << when;
    }
  }
}

// From the first moment on: while it links, reads the data, makes batches, judges. What is left can always be gone on
// with, or says that it never got so far.
TEST_F(TrainVerb, StopsAtCtrlCAtAnyMoment) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int number = 0; number < 5; ++number) {
    const std::string name = "stopped" + std::to_string(number);
    const pid_t child = start("--name " + name + " --epochs 200");
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

TEST_F(TrainVerb, ATimeIsKeptAndTheTestIsLookedAtOnce) {
  const auto began = std::chrono::steady_clock::now();
  // The epochs would take days. Were the time not kept, --max-minutes would end this, and nothing would be tested.
  const auto result = run(command("--name timed --time 6s --epochs 1000000 --max-minutes 0.5 --test 2>&1"));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  ASSERT_EQ(result.exit, 0) << result.output;
  EXPECT_GT(took, 4);
  EXPECT_LT(took, 60);  // starting and reading the data come on top, and other work on this machine
  EXPECT_THAT(result.output, HasSubstr("on the test pictures: accuracy"));
  EXPECT_TRUE(fs::exists(folder_ / "train" / "timed" / "test.json"));
  const std::string log = host::read_text(folder_ / "train" / "timed" / "log.jsonl");
  const host::Json end = host::parse_json(log.substr(log.rfind('\n', log.size() - 2) + 1), "log.jsonl");
  EXPECT_LT(end["lr"].get<double>(), 0.05);  // it has come down from 0.1 in that time
  EXPECT_EQ(run(command("--time 30 2>&1")).exit, 2);
}

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
  EXPECT_EQ(run(study).exit, 0);
  EXPECT_TRUE(fs::exists(fs::path(out) / "seed=2.json"));
  EXPECT_EQ(fs::last_write_time(fs::path(out) / "seed=1.json"), kept);
  EXPECT_EQ(run(command("--seeds 1,2 --epochs 1 --batch 64 --name both --out " + out + " 2>&1")).exit, 2);
}

TEST_F(TrainVerb, AStudyStoppedAtCtrlCGoesOnWithinItsMember) {
  constexpr int kEpochs = 30;
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

TEST_F(TrainVerb, BeginsWithTheWeightsOfAnotherRunAndKeepsItsBodyStill) {
  ASSERT_EQ(run(command("--name first --epochs 1 2>&1")).exit, 0);
  const std::string weights = (folder_ / "train" / "first" / "weights" / "last.safetensors").string();
  const auto result = run(command("--name second --epochs 1 --init " + weights + " --freeze body 2>&1"));
  EXPECT_EQ(result.exit, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("layers by name"));
  EXPECT_TRUE(fs::exists(folder_ / "train" / "second" / "init.json"));
  const auto lock = host::parse_json(host::read_text(folder_ / "train/second/data.lock.json"), "data.lock.json");
  EXPECT_EQ(lock["init_sha256"].get<std::string>().size(), 64u);
  const auto other = run(command("--name third --epochs 1 --arch ds48 --init " + weights + " 2>&1"));
  EXPECT_EQ(other.exit, 5) << other.output;
  EXPECT_FALSE(fs::exists(folder_ / "train" / "third"));
}

// A stranger's file is read, never run: what no state dict needs is refused before there is a run folder.
TEST_F(TrainVerb, WeightsThatWouldRunSomethingAreRefused) {
  namespace pickled = model::pickled;
  const fs::path weights = folder_ / "evil.pth", trace = folder_ / "trace";
  const std::string call =
      pickled::global("os", "system") + pickled::tuple(pickled::text("touch " + trace.string())) + "R";
  for (const auto& [evil, why] : {std::pair<std::string, const char*>{call, "it wants os.system"},
                                  {"\x81", "its pickle has the instruction 0x81"}}) {
    const std::string pickle = pickled::whole(pickled::dict({{"a", evil}}));
    host::write_atomic(weights, model::stored_zip({{"net/data.pkl", pickle}}));
    const auto result = run(command("--name evil --epochs 1 --init " + weights.string() + " 2>&1"));
    EXPECT_EQ(result.exit, 5) << result.output;
    EXPECT_THAT(result.output, HasSubstr(weights.string() + ": " + why));
    EXPECT_FALSE(fs::exists(folder_ / "train")) << why;
  }
  EXPECT_FALSE(fs::exists(trace));
}

TEST_F(TrainVerb, HeadFirstMovesTheBodyAfterItsEpochs) {
  const std::string small = "--arch embedded3 --batch 20 --name ";
  const auto weights = [&](const std::string& name) {
    return (folder_ / "train" / name / "weights" / "last.safetensors").string();
  };
  ASSERT_EQ(run(command(small + "first --epochs 1 2>&1")).exit, 0);
  const auto before = model::load_model(weights("first")).graph.constants;
  for (const int epochs : {1, 2}) {
    const std::string name = "onwards" + std::to_string(epochs);
    const auto result = run(command(small + name + " --epochs " + std::to_string(epochs) +
                                    " --freeze head-first --head-epochs 1 --init " + weights("first") + " 2>&1"));
    ASSERT_EQ(result.exit, 0) << result.output;
    const auto after = model::load_model(weights(name)).graph.constants;
    EXPECT_NE(after.at("dense_1.weight"), before.at("dense_1.weight")) << name;
    for (const char* body : {"conv2d_1.weight", "batch_norm_1.weight", "conv2d_2.weight", "conv2d_3.bias"})
      EXPECT_EQ(after.at(body) == before.at(body), epochs == 1) << body << ", epochs: " << epochs;
  }
}

// What was added for training is gone from what is shipped, in floats too, and answers stay what they were.
TEST_F(TrainVerb, ExportFoldsTheBatchNormsAway) {
  ASSERT_EQ(run(command("--name normed --epochs 1 --arch embedded3 --batch-norms 2>&1")).exit, 0);
  const std::string weights = (folder_ / "train" / "normed" / "weights" / "last.safetensors").string(),
                    out = (folder_ / "shipped").string();
  const auto result =
      run(std::string(DIMPLE_PROGRAM) + " export " + weights + " --name tiny --format c --format program --data " +
          (folder_ / "tiny.csv").string() + " --json --out " + out);
  ASSERT_EQ(result.exit, 0) << result.output;
  const std::string source = host::read_text(fs::path(out) / "tiny.c");
  EXPECT_THAT(source, HasSubstr("conv2d"));
  EXPECT_THAT(source, testing::Not(HasSubstr("batch_norm")));
  EXPECT_THAT(host::read_text(weights), HasSubstr("batch_norm"));
  const host::Json report = host::parse_json(result.output, "export");
  EXPECT_GE(report["top1_agreement"], 0.95) << report.dump(1);
}

// One is damaged, one is empty, one is named in the table alone.
TEST_F(TrainVerb, BrokenPicturesStandInTheRunFolder) {
  fs::create_directories(folder_ / "set");
  std::ofstream table(folder_ / "set" / "labels.csv");
  table << "path,label\n";
  for (int i = 100; i < 130; ++i) {
    const std::string file = std::to_string(i) + ".png";
    if (i != 107) draw(folder_ / "set" / file, i);
    table << file << (i % 2 ? ",happy\n" : ",sad\n");
  }
  table.close();
  std::ofstream(folder_ / "set" / "104.png") << "spoilt";
  fs::resize_file(folder_ / "set" / "105.png", 0);
  const auto result = run(kLab + " train " + (folder_ / "set").string() + " --runs " + folder_.string() +
                          " --threads 1 --epochs 1 --name broken 2>&1");
  ASSERT_EQ(result.exit, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("3 bad files are not used"));
  EXPECT_THAT(
      host::read_text(folder_ / "train" / "broken" / "quarantine.csv"),
      testing::MatchesRegex("file,why\n104.png,[^\n]+\n105.png,the file is empty\n107.png,[^\n]+not there\"\n"));
}

// The set tests p2, the split learns from them: to test on the set itself is no test.
TEST_F(TrainVerb, PeopleWhoAreLearnedFromAreNotTestedOnElsewhere) {
  fs::create_directories(folder_ / "set");
  std::ofstream table(folder_ / "set" / "labels.csv"), split(folder_ / "split.csv");
  table << "path,label,subject,split\n";
  split << "key,subject,label,split\n";
  const char* const parts[] = {"train", "validation", "test"};
  for (int i = 0; i < 24; ++i) {
    const std::string file = std::to_string(i) + ".png", label = i % 2 ? "happy" : "sad";
    draw(folder_ / "set" / file, i);
    const int person = i / 8;
    table << file << "," << label << ",p" << person << "," << parts[person] << "\n";
    split << file << ",p" << person << "," << label << "," << parts[2 - person] << "\n";
  }
  table.close(), split.close();
  const std::string set = (folder_ / "set").string(), train = kLab + " train " + set + " --runs " + folder_.string() +
                                                              " --threads 1 --epochs 1 --test --test-data " + set +
                                                              " --name ";
  const auto fine = run(train + "fine 2>&1");
  EXPECT_EQ(fine.exit, 0) << fine.output;
  const std::string leaky = train + "leaky --split " + (folder_ / "split.csv").string();
  const auto refused = run(leaky + " 2>&1");
  EXPECT_EQ(refused.exit, 6) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("1 person of table is learned from as well"));
  EXPECT_FALSE(fs::exists(folder_ / "train" / "leaky"));
  const auto forced = run(leaky + " --force 2>&1");
  ASSERT_EQ(forced.exit, 0) << forced.output;
  EXPECT_THAT(host::read_text(folder_ / "train/leaky/MODEL_CARD.md"), HasSubstr("- 1 person of table is learned from"));
  const auto pictures = [&](const char* name) {
    return host::parse_json(host::read_text(folder_ / "train" / name / "test.json"), name)["pictures_deduplicated"];
  };
  EXPECT_EQ(pictures("fine"), 8);
  EXPECT_EQ(pictures("leaky"), 0) << "training has shown every one of them";
  const auto leaky_test = host::parse_json(host::read_text(folder_ / "train/leaky/test.json"), "test.json");
  EXPECT_TRUE(leaky_test["accuracy_deduplicated"].is_null());
  EXPECT_EQ(run(kLab + " train --resume " + (folder_ / "train/leaky").string() + " 2>&1").exit, 0) << "forced before";
}

// Two people in training and test alike, by the table's own column.
TEST_F(TrainVerb, ALeakIsRefusedOrForcedAndThenOnTheCard) {
  fs::create_directories(folder_ / "set");
  std::ofstream table(folder_ / "set" / "labels.csv");
  table << "path,label,subject,split\n";
  for (int i = 0; i < 24; ++i) {
    const std::string file = std::to_string(i) + ".png";
    draw(folder_ / "set" / file, i);
    table << file << (i % 2 ? ",happy" : ",sad") << ",p" << i / 4 % 2
          << (i < 12   ? ",train\n"
              : i < 18 ? ",validation\n"
                       : ",test\n");
  }
  table.close();
  const std::string train = kLab + " train " + (folder_ / "set").string() + " --runs " + folder_.string() +
                            " --threads 1 --epochs 1 --name leaky ";
  const auto refused = run(train + "2>&1");
  EXPECT_EQ(refused.exit, 6) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("2 people are in more than one split"));
  EXPECT_FALSE(fs::exists(folder_ / "train" / "leaky"));
  const auto forced = run(train + "--force 2>&1");
  ASSERT_EQ(forced.exit, 0) << forced.output;
  const fs::path run_folder = folder_ / "train" / "leaky";
  EXPECT_THAT(host::read_text(run_folder / "MODEL_CARD.md"), HasSubstr("- 2 people are in more than one split"));
  const auto card =
      run(std::string(DIMPLE_PROGRAM) + " report " + (run_folder / "weights" / "best.safetensors").string() +
          " --data " + (folder_ / "set").string() + " --out " + (folder_ / "card.md").string() + " 2>&1");
  ASSERT_EQ(card.exit, 0) << card.output;
  EXPECT_THAT(host::read_text(folder_ / "card.md"), HasSubstr("- 2 people are in more than one split"));

  // One person alone: nobody to validate with, which is said instead of figures, and the leak all the same.
  std::string text = host::read_text(folder_ / "set" / "labels.csv");
  for (const auto& [from, to] : {std::pair<std::string, std::string>{",p1,", ",p0,"}, {",validation", ",train"}})
    for (size_t at; (at = text.find(from)) != std::string::npos;) text.replace(at, from.size(), to);
  std::ofstream(folder_ / "set" / "labels.csv") << text;
  const auto alone = run(train + "--name alone --force 2>&1");
  ASSERT_EQ(alone.exit, 0) << alone.output;
  EXPECT_THAT(alone.output,
              testing::AllOf(HasSubstr("no validation pictures"), testing::Not(HasSubstr("val accuracy"))));
  const std::string alone_card = host::read_text(folder_ / "train" / "alone" / "MODEL_CARD.md");
  EXPECT_THAT(alone_card,
              testing::AllOf(HasSubstr("- 1 person is in more than one split"), HasSubstr("Not measured yet")));
}

// Two ranks as a user starts them.
class TrainRanks : public TrainVerb {
 protected:
  // Both meet at this test's port, plus `more`; what they say lies in `<number>.txt`.
  pid_t start_rank(int number, const std::string& words, int more = 0) const {
    const pid_t child = fork();
    if (child == 0) {
      const std::string line = "exec env RANK=" + std::to_string(number) +
                               " WORLD_SIZE=2 MASTER_PORT=" + std::to_string(port_ + more) + " " + words + " >" +
                               log_of(number).string() + " 2>&1";
      execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
    return child;
  }
  static int exit_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  fs::path log_of(int number) const { return folder_ / (std::to_string(number) + ".txt"); }
  std::string said_by(int number) const { return host::read_text(log_of(number)); }

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

  const int port_ = 21000 + static_cast<int>(getpid()) % 20000;
  const fs::path run_folder_ = folder_ / "train" / "pair";
  pid_t ranks_[2] = {};
};

TEST_F(TrainRanks, AKilledOneEndsTheOtherWhichLeavesACheckpointToGoOnFrom) {
  start_both();
  kill(ranks_[1], SIGKILL);
  EXPECT_EQ(exit_of(ranks_[1]), -1);
  EXPECT_EQ(exit_of(ranks_[0]), 1);
  EXPECT_THAT(said_by(0), HasSubstr("rank 0 of 2 lost the others"));
  expect_both_go_on();
}

// It alone writes: what is there is the checkpoint of the epoch before.
TEST_F(TrainRanks, WhenTheFirstIsKilledTheOtherEndsAndBothGoOnFromTheLastCheckpoint) {
  start_both();
  wait_for_epochs(run_folder_ / "results.csv", 3);
  kill(ranks_[0], SIGKILL);
  EXPECT_EQ(exit_of(ranks_[0]), -1);
  EXPECT_EQ(exit_of(ranks_[1]), 1);
  EXPECT_THAT(said_by(1), HasSubstr("rank 1 of 2 lost the others"));
  expect_both_go_on();
}

// Ten seconds, where five minutes are usual: enough for two programs to start on a busy machine.
TEST_F(TrainRanks, OneThatHangsIsGivenUpAfterTheTimeout) {
  start_both("--rank-timeout-s 10");
  kill(ranks_[1], SIGSTOP);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(exit_of(ranks_[0]), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(90));
  EXPECT_THAT(said_by(0), HasSubstr("rank 0 of 2 lost the others"));
  kill(ranks_[1], SIGKILL);
  EXPECT_EQ(exit_of(ranks_[1]), -1);
  expect_both_go_on();
}

TEST_F(TrainRanks, OneThatNeverComesIsGivenUpAfterTheTimeout) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(exit_of(start_rank(0, command("--rank-timeout-s 2"))), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(90));
  EXPECT_THAT(said_by(0), HasSubstr("rank 0 of 2 lost the others"));
}

TEST_F(TrainRanks, StudiesAndTimesAreForOneProcess) {
  for (const char* words : {"--seeds 1,2", "--time 5s"})
    EXPECT_EQ(run("RANK=0 WORLD_SIZE=2 " + command(std::string(words) + " 2>&1")).exit, 2) << words;
}

// Every setting of every shipped study exists.
TEST_F(TrainVerb, RecipesAreUnderstood) {
  for (const auto& entry : fs::directory_iterator(fs::path(DIMPLE_SOURCE_DIR) / "recipes")) {
    const auto table = run(kLab + " train --study " + entry.path().string() + " --table 2>&1");
    EXPECT_EQ(table.exit, 0) << entry.path() << ": " << table.output;
    EXPECT_THAT(table.output, HasSubstr("| runs |"));
  }
}

TEST_F(TrainVerb, MistakesAreSaidPlainly) {
  EXPECT_EQ(run(kLab + " train /nosuch.csv 2>&1").exit, 3);
  EXPECT_EQ(run(command("--arch dimple_nan 2>&1")).exit, 2);
  EXPECT_THAT(run(command("--arch dimple_nan 2>&1")).output, HasSubstr("did you mean dimple_nano?"));
  EXPECT_EQ(run(command("--optimiser magic 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--freeze heads 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--init " + (folder_ / "tiny.csv").string() + " 2>&1")).exit, 5);
  EXPECT_EQ(run(command("--epocs 3 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--sampler magic 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--augment-crush 2 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--teacher /nosuch.safetensors 2>&1")).exit, 5);
  EXPECT_EQ(run(command("--folds all 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--device npu 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--precision f16 2>&1")).exit, 2);
  EXPECT_EQ(run(command("--loader-threads -2 2>&1")).exit, 2);
  EXPECT_EQ(run(kLab + " train --resume " + folder_.string() + " 2>&1").exit, 2);
}

}  // namespace
}  // namespace dimple::tests
