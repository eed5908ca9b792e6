// A training in which one call to the system fails, or that a signal reaches at a counted moment: the exit code is the
// documented one, nothing that was complete is lost, and --resume goes on to the same weights as a training to which
// nothing happened.
//
// With DIMPLE_FAULTS_ALL=1 every call for files and threads fails, and some of those for memory, which are too many.
// Calls before main (libtorch's static objects) are not among them.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <sstream>

#include "host/files.h"
#include "model/model.h"
#include "tests/command.h"
#include "tests/faces_testing.h"
#include "tests/faults/run_with_fault.h"
#include "tests/faults/tries.h"
#include "tests/robustness.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

// The smallest training there is: two epochs of two steps.
constexpr const char* kTraining =
    "train ../faces --runs . --name new --size 16 --arch embedded3 --width 0.25 --epochs 2 --batch 2 --shares 2 "
    "--warmup-epochs 0 --no-augment --device cpu";

std::vector<std::string> words_in(const std::string& line) {
  std::istringstream words(line);
  return {std::istream_iterator<std::string>(words), {}};
}

class TrainFaults : public InOwnFolder {
 protected:
  // With nothing in its way. Not in SetUp: a test that is skipped shall cost nothing, and a second goes by.
  void train_undisturbed() {
    plant_faces(folder_ / "faces", "train", "validation");
    fs::create_directories(folder_ / "run");
    ASSERT_EQ(begin({"none"}).exit, 0) << said();
    clean_ = files_below(run_folder());
    figures_ = figures_of(run_folder() / "results.csv");
    ASSERT_EQ(std::ranges::count(figures_, '\n'), 3) << figures_;
  }

  fs::path run_folder() const { return folder_ / "run/train/new"; }
  std::string said() const { return host::read_text(folder_ / "err.txt") + host::read_text(folder_ / "out.txt"); }

  Ended begin(const Fault& fault) {
    fs::remove_all(folder_ / "run/train");
    const std::string threads = threads_ == 1 ? " --threads 1" : " --threads 3 --loader-threads 2";
    std::vector<std::string> words = words_in(kTraining + threads);
    words.insert(words.begin(), kLab);
    return run_with_fault({words, folder_ / "run"}, fault);
  }
  // From the folder as `before` has it.
  Ended go_on(const Files& before, const Fault& fault) {
    fs::remove_all(run_folder());
    for (const auto& [name, content] : before) {
      fs::create_directories((run_folder() / name).parent_path());
      std::ofstream(run_folder() / name) << content;
    }
    return run_with_fault({{kLab, "train", "--resume", "train/new"}, folder_ / "run"}, fault);
  }

  // A run folder in which one epoch is complete, and a part of the second.
  Files stopped_in_the_middle() {
    const long renames = begin({"rename"}).calls;
    for (long at = renames / 3; at <= renames; ++at) {  // settings and the first checkpoint come before
      const Ended ended = begin({.kind = "rename", .at = at, .signal = SIGINT});
      if (ended.exit == 130 && epochs_in(run_folder() / "results.csv") == 1) return files_below(run_folder());
    }
    ADD_FAILURE() << "it cannot be stopped behind its first epoch";
    return {};
  }

  // No file is cut short under its own name, and none is left under another.
  void check_whole(const Files& files) const {
    for (const auto& [name, content] : files) {
      SCOPED_TRACE(name);
      EXPECT_TRUE(clean_.contains(name));
      if (name.ends_with(".safetensors"))
        EXPECT_NO_THROW(model::load_checkpoint((run_folder() / name).string()));
      else if (name.ends_with(".csv") || name.ends_with(".json") || name.ends_with(".jsonl"))
        EXPECT_TRUE(is_whole(name, content)) << content;
      else
        EXPECT_TRUE(content.ends_with('\n')) << content;
    }
  }

  void check_complete() const {
    EXPECT_EQ(figures_of(run_folder() / "results.csv"), figures_);
    const Files files = files_below(run_folder());
    EXPECT_EQ(files.size(), clean_.size());
    for (const char* name : {"weights/best.safetensors", "confusion_matrix.csv", "top_losses.csv"})
      EXPECT_TRUE(files.contains(name) && files.at(name) == clean_.at(name)) << name;
  }

  // `before`: what was complete when it began.
  void check_left(const Files& before) {
    const Files left = fs::exists(run_folder()) ? files_below(run_folder()) : Files{};
    check_whole(left);
    for (const auto& [name, content] : before) EXPECT_TRUE(left.contains(name)) << name << " is gone";
    const bool begun = left.contains("weights/last.safetensors");
    Names names;
    for (const auto& [name, content] : left) names.insert(name);
    if (!begun && !refused_.insert(names).second) return;  // seen before: no file of these has an answer in it
    const Ended resumed = go_on(left, {"none"});
    SCOPED_TRACE("resumed: " + said());
    EXPECT_EQ(resumed.exit, begun ? 0 : 2);
    if (begun) return check_complete();
    EXPECT_THAT(said(),
                AnyOf(HasSubstr("is not the folder of a training"), HasSubstr("stopped before its first checkpoint")));
  }

  void check_ended(const Try& what, const Ended& ended) const {
    ASSERT_EQ(ended.signal, 0);
    EXPECT_THAT(ended.exit, AnyOf(0, static_cast<int>(host::exit_of_errno(what.number, host::Exit::failed))));
    EXPECT_THAT(said(), testing::Not(HasSubstr("should not have happened")));
    if (ended.exit == 0) return;
    // A thread that the C library has no memory for is one too many.
    if (what.number == ENOMEM && said().find(host::describe_errno(EAGAIN)) != std::string::npos) return;
    EXPECT_THAT(said(), HasSubstr(what.words()));
  }

  // `run` begins with `before` and takes a fault.
  template <class Run>
  void inject_all(const std::string& name, std::span<const Try> tries, long most, const Files& before, Run&& run) {
    for (const Try& what : tries) {
      const long calls = run(Fault{what.kind}).calls;
      ASSERT_GE(calls, 0);
      Tally tally(name + ": " + what.name());
      for (const long at : calls_evenly(calls, most)) {
        tally.add([&] {
          SCOPED_TRACE(describe(what.at(at)));
          const Ended ended = run(what.at(at));
          SCOPED_TRACE("said: " + said());
          check_ended(what, ended);
          if (ended.exit == 0)
            check_complete();
          else
            check_left(before);
        });
      }
      tally.record(calls);
    }
  }

  int threads_ = 1;
  Files clean_;
  using Names = std::set<std::string>;
  std::set<Names> refused_;  // what was left where nothing can be gone on with
  std::string figures_;
};

TEST_F(TrainFaults, OfFilesLoseNothingThatWasComplete) {
  train_undisturbed();
  const Files before = stopped_in_the_middle();
  const auto go_on_with = [&](const Fault& fault) { return go_on(before, fault); };
  if (!all_are_asked_for()) {
    constexpr Try kFew[] = {{"write", ENOSPC, false}, {"rename", EIO, true}};
    return inject_all("train --resume", kFew, 2, before, go_on_with);
  }
  inject_all("train --resume", kFileTries, 100'000, before, go_on_with);
  inject_all("train", kFileTries, 100'000, {}, [&](const Fault& fault) { return begin(fault); });
}

// Those of a pool that was begun must end before the program does.
TEST_F(TrainFaults, OfThreadsAreTold) {
  threads_ = 3;
  train_undisturbed();
  const std::span<const Try> tries(kThreadTries, all_are_asked_for() ? 2 : 1);
  inject_all("train", tries, 100, {}, [&](const Fault& fault) { return begin(fault); });
}

TEST_F(TrainFaults, OfMemoryLoseNothingThatWasComplete) {
  if (!all_are_asked_for()) GTEST_SKIP() << "DIMPLE_FAULTS_ALL=1 tries a thousand of some 30,000 calls";
  train_undisturbed();
  inject_all("train", kMemoryTries, 250, {}, [&](const Fault& fault) { return begin(fault); });
  const Files before = stopped_in_the_middle();
  inject_all("train --resume", kMemoryTries, 250, before, [&](const Fault& fault) { return go_on(before, fault); });
}

// Moments are calls for memory, counted, from the first of main to the last: while data is read, in steps, while it
// evaluates and while it writes.
TEST_F(TrainFaults, ASignalAtAnyMomentIsToldAndLosesNothing) {
  train_undisturbed();
  const long calls = begin({"alloc"}).calls, moments = all_are_asked_for() ? 100 : 10;
  ASSERT_GT(calls, moments);
  Tally tally("train: signals");
  for (long moment = 0; moment < moments; ++moment) {
    const Fault signal{.kind = "alloc", .at = 1 + calls * moment / moments, .signal = moment % 2 ? SIGINT : SIGTERM};
    tally.add([&] {
      SCOPED_TRACE(describe(signal));
      EXPECT_EQ(begin(signal).exit, 128 + signal.signal) << said();
      check_left({});
    });
  }
  tally.record(calls);
}

}  // namespace
}  // namespace dimple::tests
