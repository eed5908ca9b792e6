// Every call to the system fails once, and once with all that follow it: the disk, files, threads, memory. Whatever
// fails, the program ends by itself with the exit code for it, says what failed, and leaves no half of a file.
//
// Calls for memory are many, and their order differs between machines: each of them fails for `completion`, and for the
// other verbs with DIMPLE_FAULTS_ALL=1 (long).
#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "host/csv.h"
#include "host/files.h"
#include "host/json.h"
#include "tests/command.h"
#include "tests/faces_testing.h"
#include "tests/faults/run_with_fault.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;

using Files = std::map<std::string, std::string>;  // name -> content

struct Verb {
  const char* name;
  std::vector<std::string> words;
  std::string old = {};       // what stands under the names of the outputs in half of the runs; empty: they are new
  std::set<int> spared = {};  // exit codes when it goes on without what failed, and says so
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
    {.name = "export_c", .words = {"export", "dimple-nano", "--format", "c", "--out", "."}, .old = "Written by Dimple"},
    {.name = "data_cache", .words = {"data", "cache", "../faces", "--out", "faces.dimpledata"}, .old = "of yesterday"},
    {.name = "data_split",
     .words = {"data", "split", "../faces", "--by", "subject", "--out", "split.csv"},
     .old = "of yesterday"},
    {.name = "models", .words = {"models"}},
    {.name = "completion", .words = {"completion", "bash"}},
};

// What is tried with each call of a kind.
struct Try {
  const char* kind;
  int number;
  bool from_then_on;
};
constexpr Try kTries[] = {{"open", EIO, false},     {"open", EMFILE, true},    {"read", EIO, false},
                          {"write", ENOSPC, false}, {"write", EIO, true},      {"sync", EIO, false},
                          {"sync", ENOSPC, true},   {"rename", EIO, false},    {"rename", ENOSPC, true},
                          {"mkdir", ENOSPC, false}, {"thread", EAGAIN, false}, {"thread", EAGAIN, true}};
constexpr Try kMemory[] = {{"alloc", ENOMEM, false}, {"alloc", ENOMEM, true}};

Files files_below(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder)] = host::read_text(entry.path());
  return files;
}

// A file with times in it cannot be compared; cut short, it would not be one of its kind.
bool is_whole(const std::string& name, const std::string& text) {
  if (text.empty() && name.ends_with(".jsonl")) return true;  // no line yet
  if (!text.ends_with('\n')) return false;
  try {
    if (name.ends_with(".csv")) {
      const auto rows = host::parse_csv(text, "x");
      return std::ranges::all_of(rows, [&](const auto& row) { return row.size() == rows[0].size(); });
    }
    for (size_t begin = 0, end = 0; name.ends_with(".jsonl") && begin < text.size(); begin = end + 1)
      end = text.find('\n', begin), host::parse_json(text.substr(begin, end - begin), name);
    if (name.ends_with(".json")) host::parse_json(text, name);
    return true;
  } catch (const host::Error&) {
    return false;
  }
}

class Faults : public InOwnFolder, public testing::WithParamInterface<Verb> {
 protected:
  void SetUp() override {
    plant_faces(folder_ / "faces");
    faces_ = files_below(folder_ / "faces");
    ASSERT_EQ(run({"none"}, false).exit, 0) << host::read_text(folder_ / "err.txt");
    clean_ = files_below(folder_ / "run");
    output_ = host::read_text(folder_ / "out.txt");
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

  void check_words(const Try& what, int exit) const {
    const std::string said = host::read_text(folder_ / "err.txt") + host::read_text(folder_ / "out.txt");
    EXPECT_THAT(said, testing::Not(HasSubstr("should not have happened")));
    if (exit == 0) return;
    EXPECT_THAT(said, HasSubstr(what.number == ENOMEM ? "memory" : host::describe_errno(what.number)));
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
    const Fault fault{what.kind, at, what.number, what.from_then_on};
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
      const long last = std::max(most / 4, 1L), stride = calls <= most ? 1 : (calls - last) / (most - last) + 1;
      long injected = 0;
      for (long at = 1; at <= calls; at += at < calls - last ? stride : 1, ++injected) inject(what, at);
      printf("%s: %s, %s: %ld of %ld calls\n", GetParam().name, what.kind, what.from_then_on ? "from then on" : "once",
             injected, calls);
    }
    EXPECT_EQ(files_below(folder_ / "faces"), faces_);
  }

  Files faces_, clean_;
  std::string output_;
};

// Every call of every kind with DIMPLE_FAULTS_ALL=1. Without it: files in full but for the C folder, which has hundreds
// of synced writes, and memory where the order of calls is the same on every machine.
bool all_are_asked_for() { return std::getenv("DIMPLE_FAULTS_ALL") != nullptr; }

TEST_P(Faults, OfFilesAndThreadsAreToldAndLeaveNoHalfOfAFile) {
  inject_all(kTries, all_are_asked_for() ? 100'000 : 40);
}

TEST_P(Faults, OfMemoryAreToldAndLeaveNoHalfOfAFile) {
  if (!all_are_asked_for() && GetParam().name != std::string("completion"))
    GTEST_SKIP() << "thousands of calls, some in libraries that call them damage: DIMPLE_FAULTS_ALL=1";
  inject_all(kMemory, 1'000'000);
}

INSTANTIATE_TEST_SUITE_P(OfVerb, Faults, testing::ValuesIn(kVerbs), [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace dimple::tests
