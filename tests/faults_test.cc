// Every call to the system fails once, and once with all that follow it: the disk, files, threads, memory. Whatever
// fails, the program ends by itself with the exit code for it, says what failed, and leaves no half of a file.
//
// Calls for memory are many, and their order differs between machines: each of them fails for `completion`, and for the
// other verbs with DIMPLE_FAULTS_ALL=1 (long).
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <set>
#include <span>

#include "host/files.h"
#include "tests/command.h"
#include "tests/faces_testing.h"
#include "tests/faults/run_with_fault.h"
#include "tests/faults/tries.h"
#include "tests/robustness.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;

struct Verb {
  const char* name;
  std::vector<std::string> words;
  std::string old = {};       // what stands under the names of the outputs in half of the runs; empty: they are new
  std::set<int> spared = {};  // exit codes when it goes on without what failed, and says so
  long most = 24;             // calls of a kind that fail without DIMPLE_FAULTS_ALL=1
  std::set<std::string> timed = {};  // outputs that say how long something took
};

const std::vector<Verb> kVerbs{
    {.name = "predict",
     .words = {"predict", "../faces/0.png", "../faces/1.png", "--no-detect", "--name", "new"},
     .spared = {3, 7},  // a picture that cannot be read, or not drawn
     .timed = {"predictions.csv", "predictions.jsonl", "summary.json", "out.txt"}},
    {.name = "val",
     .words = {"val", "../faces", "--protocol", "own", "--threads", "2", "--resamples", "10", "--name", "new"},
     .timed = {"summary.json", "out.txt"}},
    {.name = "export_program",
     .words = {"export", "dimple-nano", "--format", "program", "--format", "safetensors", "--out", "."},
     .old = "of yesterday"},
    {.name = "export_int8",
     .words = {"export", DIMPLE_SOURCE_DIR "/models/dimple-nano/parent/dimple-nano-float.safetensors", "--int8",
               "--data", "../learned", "--calibration", "4", "--pictures", "4", "--format", "program", "--out", "."},
     .old = "of yesterday",
     .most = 0},  // a quarter of a second each
    {.name = "export_c", .words = {"export", "dimple-nano", "--format", "c", "--out", "."}, .old = "Written by Dimple"},
    {.name = "data_cache", .words = {"data", "cache", "../faces", "--out", "faces.dimpledata"}, .old = "of yesterday"},
    {.name = "data_split",
     .words = {"data", "split", "../faces", "--by", "subject", "--out", "split.csv"},
     .old = "of yesterday"},
    {.name = "data_archive",
     .words = {"data", "cache", "../classes.tar.gz", "--out", "faces.dimpledata"},
     .old = "of yesterday"},
    {.name = "models", .words = {"models"}},
    {.name = "completion", .words = {"completion", "bash"}},
};

class Faults : public InOwnFolder, public testing::WithParamInterface<Verb> {
 protected:
  void SetUp() override {
    plant_faces(folder_ / "faces");
    plant_faces(folder_ / "learned", "train", "validation");
    plant_archive();
    faces_ = files_below(folder_ / "faces");
    ASSERT_EQ(run({"none"}, false).exit, 0) << host::read_text(folder_ / "err.txt");
    clean_ = files_below(folder_ / "run");
    output_ = host::read_text(folder_ / "out.txt");
  }

  // The same faces, in a folder for each class.
  void plant_archive() const {
    for (int i = 0; i < 8; ++i) {
      const std::string name = std::to_string(i) + ".png";
      const fs::path folder = folder_ / "classes" / (i % 2 ? "happy" : "sad");
      fs::create_directories(folder);
      fs::copy_file(folder_ / "faces" / name, folder / name);
    }
    ASSERT_EQ(run_here("tar -czf classes.tar.gz classes").exit, 0);
  }

  // In a folder that is new, or in which the outputs are there already.
  Ended run(const Fault& fault, bool again) {
    fs::remove_all(folder_ / "run");
    fs::create_directories(folder_ / "run");
    for (const auto& [name, content] : clean_) {
      if (!again || GetParam().old.empty()) continue;
      fs::create_directories((folder_ / "run" / name).parent_path());
      std::ofstream(folder_ / "run" / name) << GetParam().old;
    }
    std::vector<std::string> words = GetParam().words;
    words.insert(words.begin(), DIMPLE_PROGRAM);
    return run_with_fault({words, folder_ / "run"}, fault);
  }

  // A thread that the C library has no memory for is one too many.
  void check_words(const Try& what, int exit) const {
    const std::string said = host::read_text(folder_ / "err.txt") + host::read_text(folder_ / "out.txt");
    EXPECT_THAT(said, testing::Not(HasSubstr("should not have happened")));
    if (exit == 0) return;
    if (what.number == ENOMEM && said.find(host::describe_errno(EAGAIN)) != std::string::npos) return;
    EXPECT_THAT(said, HasSubstr(what.words()));
  }

  // Each output is what it was, or what it becomes; and all are there when the program says so.
  void check_files(int exit, bool again) const {
    const Files files = files_below(folder_ / "run");
    for (const auto& [name, content] : files) {
      const auto clean = clean_.find(name);
      const bool timed = GetParam().timed.contains(fs::path(name).filename());
      const bool known = clean != clean_.end();
      const bool whole = known && (timed ? is_whole(name, content) : content == clean->second);
      const bool old = known && again && exit != 0 && !GetParam().old.empty() && content == GetParam().old;
      EXPECT_TRUE(whole || old) << name << ": " << content.size() << " bytes\n" << content.substr(0, 200);
    }
    if (exit != 0) return;
    EXPECT_EQ(files.size(), clean_.size());
    if (GetParam().timed.contains("out.txt")) return;
    EXPECT_EQ(host::read_text(folder_ / "out.txt"), output_);
  }

  void inject(const Try& what, long at) {
    const Fault fault = what.at(at);
    SCOPED_TRACE(describe(fault));
    const Ended ended = run(fault, what.from_then_on);
    SCOPED_TRACE("said: " + host::read_text(folder_ / "err.txt"));
    ASSERT_EQ(ended.signal, 0);
    if (!GetParam().spared.contains(ended.exit)) {
      EXPECT_THAT(ended.exit, AnyOf(0, static_cast<int>(host::exit_of_errno(what.number, host::Exit::failed))));
    }
    check_words(what, ended.exit);
    check_files(ended.exit, what.from_then_on);
  }

  // At most `most` calls of each, the last of them one by one.
  void inject_all(std::span<const Try> tries, long most) {
    for (const Try& what : tries) {
      const long calls = run({what.kind}, what.from_then_on).calls;
      ASSERT_GE(calls, 0);
      Tally tally(GetParam().name + std::string(": ") + what.name());
      for (const long at : calls_to_try(calls, most)) tally.add([&] { inject(what, at); });
      tally.record(calls);
    }
    EXPECT_EQ(files_below(folder_ / "faces"), faces_);
  }

  Files faces_, clean_;
  std::string output_;
};

// Every call of every kind with DIMPLE_FAULTS_ALL=1. Without it: files in full but for the C folder, which has hundreds
// of synced writes, and memory where the order of calls is the same on every machine.
TEST_P(Faults, OfFilesAndThreadsAreToldAndLeaveNoHalfOfAFile) {
  if (!all_are_asked_for() && GetParam().most == 0) GTEST_SKIP() << "slow: DIMPLE_FAULTS_ALL=1";
  for (const std::span<const Try> tries : {std::span<const Try>(kFileTries), std::span<const Try>(kThreadTries)})
    inject_all(tries, all_are_asked_for() ? 100'000 : GetParam().most);
}

TEST_P(Faults, OfMemoryAreToldAndLeaveNoHalfOfAFile) {
  if (!all_are_asked_for() && GetParam().name != std::string("completion"))
    GTEST_SKIP() << "thousands of calls: DIMPLE_FAULTS_ALL=1";
  inject_all(kMemoryTries, 1'000'000);
}

// tests/edges_test.cc sends signals to every verb and asks for the exit code; this asks for the files as well.
TEST_P(Faults, ASignalAtAnyMomentLeavesNoHalfOfAFile) {
  constexpr long kMoments = 10;
  const long calls = run({"alloc"}, true).calls;
  Tally tally(GetParam().name + std::string(": signals"));
  for (long moment = 0; moment < kMoments; ++moment) {
    const Fault signal{.kind = "alloc", .at = 1 + calls * moment / kMoments, .signal = moment % 2 ? SIGINT : SIGTERM};
    tally.add([&] {
      SCOPED_TRACE(describe(signal));
      EXPECT_EQ(run(signal, true).exit, 128 + signal.signal);
      check_files(128 + signal.signal, true);
    });
  }
  tally.record();
}

INSTANTIATE_TEST_SUITE_P(OfVerb, Faults, testing::ValuesIn(kVerbs), [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace dimple::tests
