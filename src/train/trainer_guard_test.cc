// A training that is hurt on its way: it says so, goes back, and ends well.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "host/error.h"
#include "train/squares_testing.h"
#include "train/trainer.h"

namespace dimple::train {
namespace {

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
    const auto trainer = make_trainer(small_net(set), set, recipe, small_session());
    int steps = 0;
    std::vector<std::string> said;
    EpochReport last;
    trainer->run({.on_step =
                      [&](int64_t, double) {
                        if (++steps != 20) return;
                        auto state = trainer->state();
                        state.at(part).as<float>()[0] = kNan;
                        trainer->restore(trainer->progress(), state);
                      },
                  .on_epoch = [&](const EpochReport& epoch, bool) { last = epoch; },
                  .on_trouble = [&](const std::string& what) { said.push_back(what); }});
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
  const auto trainer = make_trainer(small_net(set), set, recipe, small_session());
  EpochReport last;
  trainer->run({.on_epoch = [&](const EpochReport& epoch, bool) { last = epoch; }});
  EXPECT_EQ(last.nan_skipped, recipe.epochs);  // once in every epoch
  EXPECT_EQ(last.rollbacks, 0);
  EXPECT_TRUE(all_finite(trainer->latest()));
}

TEST(TrainerGuard, NothingButBadPicturesIsGivenUpWithAReason) {
  data::Dataset set = squares(96);
  set.target.assign(set.size() * 3, kNan);
  Recipe recipe = small_recipe();
  recipe.vote_share = 1, recipe.epochs = 100;
  const auto trainer = make_trainer(small_net(set), set, recipe, small_session());
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
  const auto trainer = make_trainer(small_net(set), set, recipe, small_session());
  std::vector<EpochReport> epochs;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(trainer->run({.on_epoch = [&](const EpochReport& epoch, bool) { epochs.push_back(epoch); }}));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
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
  const auto first = make_trainer(small_net(set), set, recipe, small_session());
  EXPECT_FALSE(first->run({.should_stop = [] { return true; }}));
  Progress at = first->progress();
  ASSERT_EQ(at.batch_in_epoch, 1);
  at.elapsed_s = 100;
  const auto second = make_trainer(small_net(set), set, recipe, small_session());
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
