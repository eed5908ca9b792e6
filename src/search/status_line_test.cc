#include "search/status_line.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dimple::search {
namespace {

TrialResult heard_result(double score, double seconds, const std::string& failure = "") {
  TrialResult result;
  result.score = score, result.seconds = seconds, result.failure = failure;
  return result;
}

TEST(StatusLine, TellsTrialsRateAndWhatIsLeft) {
  StatusLine status({"auc", "flops", 11, 0});
  EXPECT_EQ(status.text(0), "0 of 11 trials");
  status.hear(heard_result(0.9, 60), 4e6, {4e6, 0});
  EXPECT_EQ(status.text(60), "best auc 0.9000, flops 4 M; 1 of 11 trials");
  status.hear(heard_result(0.88, 20), 1e6, {1e6, 0});
  status.hear(heard_result(0, 1, "it fell over"), 0, {});
  status.hear(heard_result(0.7, 20), 2e5, {1e9, 0});  // below the floor
  EXPECT_EQ(status.text(120),
            "best auc 0.8800, flops 1 M (4 times less); 4 of 11 trials, 1 failed, 180 an hour, 2m20s left");
}

// Whichever of the two limits comes first.
TEST(StatusLine, CountsDownToTheFirstLimit) {
  const auto left = [](int trials, double seconds) {
    StatusLine status({"auc", "flops", trials, seconds});
    status.hear(heard_result(0.9, 10), 4e6, {1, 0}), status.hear(heard_result(0.9, 10), 4e6, {2, 0});
    return status.text(20);
  };
  EXPECT_THAT(left(5, 0), testing::HasSubstr("30s left"));
  EXPECT_THAT(left(5, 40), testing::HasSubstr("20s left"));
  EXPECT_THAT(left(5, 3600), testing::HasSubstr("30s left"));
  EXPECT_THAT(left(0, 3600), testing::HasSubstr("59m40s left"));
  EXPECT_THAT(left(0, 10), testing::HasSubstr("0s left"));
  EXPECT_THAT(left(0, 0), testing::Not(testing::HasSubstr("left")));
}

TEST(StatusLine, OfEqualsTheFirstStays) {
  StatusLine status({"accuracy", "macs", 0, 0});
  status.hear(heard_result(0.5, 1), 100, {0, -0.5});
  status.hear(heard_result(0.5, 1), 200, {0, -0.5});
  EXPECT_THAT(status.text(2), testing::HasSubstr("macs 100"));
}

struct Watcher final : host::Progress {
  void start(int64_t total, std::string_view what) override { shown = fmt::format("{} {}", what, total); }
  void advance(int64_t n, std::string_view note) override { shown = fmt::format("{} {}", n, note); }
  void say(std::string_view line) override { said.emplace_back(line); }
  std::string shown;
  std::vector<std::string> said;
};

// A training's pictures move nothing: what is shown is the search. Lines of trials pass.
TEST(StatusLine, StandsInForTheTrainingsBar) {
  StatusLine status({"auc", "flops", 20, 0});
  Watcher watcher;
  StatusProgress progress(watcher, status, 100);
  progress.start(5000, "dimple_nano");
  EXPECT_EQ(watcher.shown, "0 0 of 20 trials");
  for (int i = 0; i < 10; ++i) {
    status.hear(heard_result(0.5, 1), 100, {-i, 0});
    progress.say("a trial's line"), progress.trial_ended();
  }
  progress.advance(64, "loss 0.3");
  EXPECT_THAT(watcher.shown, testing::StartsWith("0 best auc 0.5000, flops 100; 10 of 20 trials"));
  EXPECT_EQ(watcher.said.size(), 11u);
  EXPECT_THAT(watcher.said.back(), testing::StartsWith("best auc 0.5000, flops 100; 10 of 20 trials, 3"));
}

}  // namespace
}  // namespace dimple::search
