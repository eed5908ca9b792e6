// A compression that is killed, or out of time, and goes on.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>

#include "host/files.h"
#include "tests/train_verb_testing.h"

namespace dimple::tests {
namespace {

using testing::HasSubstr;

class CompressVerb : public TrainVerb {
 protected:
  CompressVerb() {
    EXPECT_EQ(run(command("--name given --epochs 2 2>&1")).exit, 0);
    const auto whole = run(compression("--name whole --epochs 3 2>&1"));
    EXPECT_EQ(whole.exit, 0) << whole.output;
    want_ = host::read_file(program("whole"));
  }

  std::string compression(const std::string& more) const {
    return kLab + " compress " + (folder_ / "train/given/weights/best.safetensors").string() + " --data " +
           (folder_ / "tiny.csv").string() + " --runs " + folder_.string() +
           " --prune 2:4 --quantise qat --calibration 20 --timing-seconds 0 --threads 1 --batch 10"
           " --checkpoint-minutes 0.0005 " +
           more;
  }
  fs::path run_folder(const std::string& name) const { return folder_ / "compress" / name; }
  fs::path program(const std::string& name) const { return run_folder(name) / "model.dimple"; }
  std::string resume(const std::string& name, const std::string& more = "") const {
    return kLab + " compress --resume " + run_folder(name).string() + more + " 2>&1";
  }

  std::vector<uint8_t> want_;
};

// As soon as a file of each kind is there: what it does next, training, evaluating, measuring, quantising, is cut short.
TEST_F(CompressVerb, SurvivesAKillBehindAnyFile) {
  constexpr std::array kSeen = {"args.toml",
                                "original.json",
                                "1-weights.start.safetensors",
                                "train/1-weights/weights/last.safetensors",
                                "train/1-weights/results.csv",
                                "1-weights.safetensors",
                                "1-weights.json",
                                "2-codes.start.safetensors",
                                "train/2-codes/weights/last.safetensors",
                                "3-integer.safetensors"};
  int kills = 0;
  for (size_t number = 0; number < kSeen.size(); ++number) {
    const std::string name = "killed" + std::to_string(number);
    const pid_t child = spawn(compression("--name " + name + " --epochs 3 >/dev/null 2>&1"));
    wait_for(run_folder(name) / kSeen[number]);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    kills += WIFSIGNALED(status);
    const auto resumed = run(resume(name));
    const std::string when = std::string("killed after ") + kSeen[number] + ": " + resumed.output;
    EXPECT_EQ(resumed.exit, 0) << when;
    EXPECT_TRUE(fs::exists(program(name)) && host::read_file(program(name)) == want_) << when;
  }
  EXPECT_GE(kills, 1);  // a busy machine may see some of them end
}

TEST_F(CompressVerb, GoesOnWhenItsTimeIsOver) {
  auto answer = run(compression("--name slices --epochs 3 --max-minutes 0.0001 2>&1"));
  int calls = 1;
  for (; calls < 100 && answer.exit == 0 && !fs::exists(program("slices")); ++calls) {
    EXPECT_THAT(answer.output, HasSubstr("out of time; dimple compress --resume"));
    answer = run(resume("slices", " --max-minutes 0.0001"));
  }
  EXPECT_EQ(answer.exit, 0) << answer.output;
  EXPECT_GT(calls, 2);  // it stopped in both stages that train
  EXPECT_TRUE(fs::exists(program("slices")) && host::read_file(program("slices")) == want_) << answer.output;
}

TEST_F(CompressVerb, StopsAtCtrlCAndGoesOn) {
  EXPECT_THAT(interrupted_at(compression("--name stopped --epochs 3 >/dev/null 2>&1"),
                             run_folder("stopped") / "1-weights.start.safetensors"),
              testing::AnyOf(130, 0));
  const auto resumed = run(resume("stopped"));
  EXPECT_EQ(resumed.exit, 0) << resumed.output;
  EXPECT_TRUE(host::read_file(program("stopped")) == want_);
}

}  // namespace
}  // namespace dimple::tests
