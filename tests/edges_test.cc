// What happens to the program rather than to its input: streams that are closed or full, signals at any moment. Whatever
// comes, it ends with the exit code that is documented.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "host/files.h"
#include "host/json.h"
#include "tests/command.h"
#include "tests/faces_testing.h"
#include "tests/robustness.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kVerbs[] = {
#define DIMPLE_VERB(name, ...) #name,
#define DIMPLE_LAB_VERB(name, ...)  // not linked here
#include "apps/cli/verb_list.h"
};

// A call of each verb that succeeds, and one that does not.
struct Call {
  const char *verb, *good, *bad;
  int bad_exit;
};
constexpr Call kCalls[] = {
    {"predict", "--no-detect --no-save faces/1.png", "nosuch.jpg", 3},
    {"val", "faces --protocol own", "nosuch.csv", 3},
    {"profile", "--seconds 0.01", "--target nosuch", 2},
    {"fit", "--ram 256K", "--ram lots", 2},
    {"export", "dimple-nano --out nano", "nosuch.safetensors", 5},
    {"report", "dimple-nano --data faces --protocol own --out card.md", "dimple-nano --data nosuch.csv", 3},
    {"data", "check faces", "check nosuch.csv", 3},
    {"demo", "film.svg", "film.png", 2},
    {"models", "dimple-nano", "nosuch.safetensors", 5},
    {"benchmark", "--seconds 0.01", "nosuch.safetensors", 5},
    {"signature", "", "nosuch.dimple", 5},
    {"doctor", "", "--nosuch", 2},
    {"completion", "bash", "fish", 2},
};

class Edges : public InOwnFolder {
 protected:
  Edges() { plant_faces(folder_ / "faces"); }

  // What bash makes of `script` inside the folder, $dimple being the program.
  int bash(const std::string& script) {
    std::ofstream(folder_ / "script.sh") << "cd " << folder_.string() << "\nunset DIMPLE_SAMPLE\n"
                                         << "dimple=" DIMPLE_PROGRAM "\n"
                                         << script << "\n";
    return run("bash " + (folder_ / "script.sh").string() + " 2> " + (folder_ / "stderr.txt").string()).exit;
  }
};

TEST_F(Edges, EveryVerbHasItsCalls) {
  std::set<std::string> verbs, called;
  for (const char* verb : kVerbs) verbs.insert(verb);
  for (const Call& call : kCalls) called.insert(call.verb);
  EXPECT_EQ(called, verbs);
}

TEST_F(Edges, AStreamThatIsClosedOrFullChangesNoExitCodeButThatOfLostOutput) {
  struct Streams {
    const char* redirection;
    bool output_is_lost;
  };
  constexpr Streams kStreams[] = {{"< /dev/null > /dev/null 2> /dev/null", false},
                                  {"<&- > /dev/null", false},
                                  {"< /dev/full > /dev/null", false},
                                  {"> /dev/null 2>&-", false},
                                  {"> /dev/null 2> /dev/full", false},
                                  {">&-", true},
                                  {"> /dev/full", true},
                                  {"<&- >&- 2>&-", true},
                                  {"> /dev/full 2> /dev/full", true}};
  Tally tally("verbs: a stream is closed or full");
  for (const Call& call : kCalls) {
    for (const Streams& streams : kStreams) {
      const auto expect_exit = [&](const char* words, int exit) {
        fs::remove_all(folder_ / "nano");
        const std::string line = std::string(call.verb) + " " + words + " " + streams.redirection;
        tally.add([&] { EXPECT_EQ(bash("$dimple " + line), exit) << line; });
      };
      expect_exit(call.good, streams.output_is_lost ? 7 : 0);
      expect_exit(call.bad, call.bad_exit);
    }
  }
  tally.record();
}

TEST_F(Edges, AClosedStreamDoesNotBecomeAFileOfOurs) {
  ASSERT_EQ(bash("$dimple predict --no-detect --name closed faces/1.png >&- 2>&-"), 7);
  EXPECT_THAT(host::read_text(folder_ / "runs/predict/closed/summary.json"), testing::StartsWith("{"));
}

TEST_F(Edges, AnEndlessInputIsRefusedByItsLimit) {
  EXPECT_EQ(bash("$dimple predict --no-save - < /dev/full"), 3);
  EXPECT_THAT(host::read_text(folder_ / "stderr.txt"), HasSubstr("bytes allowed here"));
}

// The limits of a shell: memory, size of files, threads. What was there stays.
TEST_F(Edges, ALimitOfTheMachineIsResources) {
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "sanitizers need memory of their own";
  std::set<int> exits;
  for (const int kilobytes : {16000, 24000, 32000, 48000, 64000, 96000, 128000, 192000})
    exits.insert(bash("ulimit -v " + std::to_string(kilobytes) +
                      "; $dimple predict --no-detect --no-save faces/1.png > /dev/null"));
  for (const int exit : exits) EXPECT_THAT(exit, testing::AnyOf(0, 7, 127)) << "127: not even its libraries fit";
  EXPECT_EQ(bash("trap '' XFSZ; ulimit -f 4; $dimple export dimple-nano --format program --out small"), 7);
  EXPECT_TRUE(fs::is_empty(folder_ / "small"));
}

TEST_F(Edges, WhatMayNotBeReadIsCalledThat) {
  fs::create_directories(folder_ / "closed");
  fs::copy(folder_ / "faces/1.png", folder_ / "closed/1.png");
  fs::permissions(folder_, fs::perms::all);
  const std::string drop = ::geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
  if (bash(drop + "$dimple --version > /dev/null") != 0) GTEST_SKIP() << "another user cannot run the program here";
  const auto as_nobody = [&](const std::string& words) {
    fs::permissions(folder_ / "closed", fs::perms::none);
    const int exit = bash(drop + "$dimple " + words + " >&2");
    fs::permissions(folder_ / "closed", fs::perms::owner_all);
    return exit;
  };
  for (const char* words : {"predict --no-save --no-detect closed", "predict --no-save --no-detect closed/1.png",
                            "predict --no-save --no-detect .", "val closed", "models closed/m.dimple"}) {
    EXPECT_THAT(as_nobody(words), testing::AnyOf(3, 5)) << words;
    EXPECT_THAT(host::read_text(folder_ / "stderr.txt"), HasSubstr("permission denied")) << words;
  }
}

TEST_F(Edges, NoNameReachesTheTerminalAsACommand) {
  const std::string name = "a\x1b]0;owned\x07.png";
  fs::copy(folder_ / "faces/1.png", folder_ / name);
  EXPECT_EQ(
      bash("$dimple predict --no-save --no-detect a*.png > out.txt && $dimple predict 'nosuch\x1b[2J' ; [ $? = 3 ]"),
      0);
  EXPECT_THAT(host::read_text(folder_ / "out.txt"), HasSubstr("a\\x1b]0;owned\\x07.png"));
  EXPECT_EQ((host::read_text(folder_ / "out.txt") + host::read_text(folder_ / "stderr.txt")).find('\x1b'),
            std::string::npos);
}

// The signal is sent when the other end of the pipe has been opened: the program is waiting for its first byte. A second
// process opens the pipe, so that the test does not hang when the program ends without opening it. Where the shell itself
// opens it, the signal waits until the shell has become the program: in between, the shell would swallow it.
TEST_F(Edges, ASignalIsHeardWhileAPipeIsWaitedFor) {
  Tally tally("verbs: a signal while a pipe is waited for");
  for (const auto& sent : {std::pair{"TERM", 143}, std::pair{"INT", 130}}) {
    for (const char* words :
         {"predict --no-save pipe.png", "predict --no-save - < pipe.png", "val pipe.png", "models pipe.png",
          "predict --config pipe.png faces", "predict --no-detect --no-save --threads 2 pipe.png faces faces faces",
          "predict --no-detect --no-save --threads 2 faces/1.png pipe.png faces faces"}) {
      const std::string script =
          "rm -f pipe.png; mkfifo pipe.png\nset -m\n$dimple " + std::string(words) + " > /dev/null & pid=$!\n" +
          "(exec 3> pipe.png; until [[ /proc/$pid/exe -ef $dimple ]]; do :; done; kill -" + sent.first +
          " $pid; exec sleep 600) & opener=$!\n" + "wait $pid; status=$?; kill $opener; exit $status";
      tally.add([&] { EXPECT_EQ(bash(script), sent.second) << words << " " << sent.first; });
    }
  }
  tally.record();
}

// A moment is a call for memory, counted: the same on a busy machine.
TEST_F(Edges, ASignalAtAnyMomentOfAnyVerbIsToldByTheExitCode) {
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "calls are counted by a library that sanitizers do not take";
  Tally tally("verbs: signals");
  for (const Call& call : kCalls) {
    const std::string command = std::string(call.verb) + " " + call.good + " > /dev/null";
    const auto run_with = [&](const std::string& variables) {
      fs::remove_all(folder_ / "nano");
      return bash("FAULT_KIND=alloc " + variables + " LD_PRELOAD=" DIMPLE_FAULTS " $dimple " + command);
    };
    ASSERT_EQ(run_with("FAULT_COUNT=calls"), 0) << command;
    const long calls = std::stol(host::read_text(folder_ / "calls"));
    ASSERT_GT(calls, 10) << command;
    for (int moment = 0; moment < 10; ++moment) {
      const long at = 1 + calls * moment / 10;
      tally.add([&] {
        EXPECT_EQ(run_with("FAULT_SIGNAL=15 FAULT_AT=" + std::to_string(at)), 143)
            << command << " at call " << at << " of " << calls;
        for (const auto& file : fs::recursive_directory_iterator(folder_))
          EXPECT_FALSE(file.path().filename().string().ends_with(".part")) << command << " left " << file.path();
      });
    }
  }
  tally.record();
}

}  // namespace
}  // namespace dimple::tests
