// The guard of a training, and trainings that are hurt on their way: they say so, go back, and end well.
#include "train/train_step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "host/error.h"
#include "train/schedule.h"
#include "train/squares_testing.h"

namespace dimple::train {
namespace {

using Verdict = Guard::Verdict;

Guard calm(int patience, double explosion) {
  Guard guard(patience, explosion);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(guard.judge(1 + 0.2 * std::sin(i), true), Verdict::fine);
  return guard;
}

TEST(Guard, ForgivesBadStepsButNotSeveralInARow) {
  Guard guard = calm(3, 20);
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(guard.judge(NAN, false), Verdict::bad);
    EXPECT_EQ(guard.judge(NAN, false), Verdict::bad);
    EXPECT_EQ(guard.judge(1, true), Verdict::fine);
  }
  guard.judge(NAN, false), guard.judge(NAN, false);
  EXPECT_EQ(guard.judge(NAN, false), Verdict::roll_back);
  EXPECT_EQ(guard.judge(NAN, false), Verdict::bad) << "it begins to count again";
}

TEST(Guard, ManyTimesTheUsualLossIsBadToo) {
  Guard guard = calm(2, 20);
  EXPECT_EQ(guard.judge(15, true), Verdict::fine);
  EXPECT_EQ(guard.judge(500, true), Verdict::bad);
  EXPECT_EQ(guard.judge(500, true), Verdict::roll_back);
  Guard blind = calm(2, 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(blind.judge(500, true), Verdict::fine);
}

TEST(Guard, TheFirstStepsHaveNoUsualLoss) {
  Guard guard(2, 20);
  EXPECT_EQ(guard.judge(0.001, true), Verdict::fine);
  EXPECT_EQ(guard.judge(9, true), Verdict::fine);
  EXPECT_EQ(guard.judge(9, true), Verdict::fine);
}

TEST(Guard, WithoutPatienceItNeverGoesBack) {
  Guard guard = calm(0, 20);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(guard.judge(NAN, false), Verdict::bad);
}

TEST(Guard, KeepsNowAndThenAfterManyGoodSteps) {
  Guard guard(3, 20);
  int kept = 0;
  for (int i = 1; i <= 200; ++i) guard.judge(1, true), kept += guard.wants_snapshot();
  EXPECT_EQ(kept, 200 / Guard::kSnapshotEvery);
  guard.judge(NAN, false);
  EXPECT_FALSE(guard.wants_snapshot());
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

bool all_finite(const ir::Graph& graph) {
  for (const auto& [name, tensor] : graph.constants)
    for (const float v : tensor.as<float>())
      if (!std::isfinite(v)) return false;
  return true;
}

// At step 20 a NaN is written into the weights, or into the statistics.
TEST(TrainerGuard, DamagedWeightsAreTakenBackAndTheTrainingEndsWell) {
  for (const char* part : {"train.weights", "train.statistics"}) {
    const data::Dataset set = squares(240);
    Recipe recipe = small_recipe();
    recipe.epochs = 12;
    const auto trainer = small_trainer(set, recipe);
    int steps = 0;
    std::vector<std::string> said;
    const auto damage = [&](int64_t, double) {
      if (++steps != 20) return;
      auto state = trainer->state();
      state.at(part).as<float>()[0] = kNan;
      trainer->restore(trainer->progress(), state);
    };
    const EpochReport last =
        run_all(*trainer, {.on_step = damage, .on_trouble = [&](const std::string& s) { said.push_back(s); }}).back();
    EXPECT_EQ(last.rollbacks, 1) << part;
    EXPECT_EQ(said.size(), 1u);
    EXPECT_EQ(trainer->progress().rate_factor, 0.5);
    EXPECT_TRUE(all_finite(trainer->averaged())) << part;
    EXPECT_TRUE(all_finite(trainer->latest())) << part;
    EXPECT_GT(last.val_acc, 0.9) << part;
  }
}

TEST(TrainerGuard, ABadPictureIsSkippedAndCounted) {
  data::Dataset set = squares(96);
  set.target.assign(set.size() * 3, 0);
  for (size_t i = 0; i < set.size(); ++i) set.target[3 * i + static_cast<size_t>(set.label[i])] = 1;
  set.target[3 * 1] = kNan;  // row 1 is a training row
  Recipe recipe = small_recipe();
  recipe.vote_share = 1;
  const auto trainer = small_trainer(set, recipe);
  const EpochReport last = run_all(*trainer).back();
  EXPECT_EQ(last.nan_skipped, recipe.epochs);  // once in every epoch
  EXPECT_EQ(last.rollbacks, 0);
  EXPECT_TRUE(all_finite(trainer->latest()));
}

TEST(TrainerGuard, NothingButBadPicturesIsGivenUpWithAReason) {
  data::Dataset set = squares(96);
  set.target.assign(set.size() * 3, kNan);
  Recipe recipe = small_recipe();
  recipe.vote_share = 1, recipe.epochs = 100;
  const auto trainer = small_trainer(set, recipe);
  EXPECT_THROW(trainer->run({}), host::Error);
}

TEST(TrainerGuard, WeightsThatAreNoNumbersToBeginWithAreRefused) {
  const data::Dataset set = squares(96);
  ir::Graph graph = small_net(set);
  graph.constants.begin()->second.as<float>()[0] = kNan;
  EXPECT_THROW(make_trainer(graph, set, small_recipe(), small_session()), host::Error);
}

// A training of `seconds`; whether it ended inside them, not much earlier, with the rate down and something learned.
testing::AssertionResult keeps_its_time(int seconds) {
  const data::Dataset set = squares(240);
  Recipe recipe = small_recipe();
  recipe.time = std::to_string(seconds) + "s", recipe.epochs = 1000000;
  const auto trainer = small_trainer(set, recipe);
  const Stopwatch watch;
  const std::vector<EpochReport> epochs = run_all(*trainer);
  const double took = watch.seconds();
  if (took > seconds + 0.5 || took < 0.6 * seconds) return testing::AssertionFailure() << took << " s";
  if (epochs.size() <= 2) return testing::AssertionFailure() << epochs.size() << " epochs";
  if (epochs.back().lr >= 0.1 * recipe.learning_rate) return testing::AssertionFailure() << "rate " << epochs.back().lr;
  if (epochs.back().val_acc <= 0.9) return testing::AssertionFailure() << "accuracy " << epochs.back().val_acc;
  return testing::AssertionSuccess();
}

// A machine that has more to do may sleep through any of them, but not through all.
TEST(TrainerTime, EndsInsideItsTimeWithTheRateDown) {
  for (const int seconds : {1, 3}) {
    testing::AssertionResult kept = keeps_its_time(seconds);
    for (int again = 0; again < 4 && !kept; ++again) kept = keeps_its_time(seconds);
    EXPECT_TRUE(kept) << seconds << " s";
  }
}

// Stopped in its first epoch, resumed when the time is over: the epoch is evaluated, and there are best weights.
TEST(TrainerTime, AnEpochThatHasBegunIsEvaluatedAlsoWhenTheTimeIsUpMeanwhile) {
  const data::Dataset set = squares(240);
  Recipe recipe = small_recipe();
  recipe.time = "1s", recipe.epochs = 1000000;
  const auto first = small_trainer(set, recipe);
  EXPECT_FALSE(first->run({.should_stop = [] { return true; }}));
  Progress at = first->progress();
  ASSERT_EQ(at.batch_in_epoch, 1);
  at.elapsed_s = 100;
  const auto second = small_trainer(set, recipe);
  second->restore(at, first->state());
  std::vector<EpochReport> epochs;
  EXPECT_TRUE(second->run({.on_epoch = [&](const EpochReport& epoch, bool best) {
    epochs.push_back(epoch);
    EXPECT_TRUE(best);
  }}));
  ASSERT_EQ(epochs.size(), 1u);
  EXPECT_EQ(epochs[0].step, 1);
}

}  // namespace
}  // namespace dimple::train
