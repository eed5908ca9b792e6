#include "train/schedule.h"

#include <gtest/gtest.h>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "train/squares_testing.h"

namespace dimple::train {
namespace {

TEST(RateShare, RisesThenFallsToTheEnd) {
  EXPECT_NEAR(rate_fraction(0, 100, 10, 0.01), 0.1, 1e-12);
  EXPECT_NEAR(rate_fraction(10, 100, 10, 0.01), 1, 1e-12);
  EXPECT_NEAR(rate_fraction(55, 100, 10, 0), 0.5, 1e-12);
  EXPECT_NEAR(rate_fraction(100, 100, 10, 0.01), 0.01, 1e-12);
}

TEST(Schedule, WithoutATimeItCountsSteps) {
  Recipe recipe;
  recipe.epochs = 10, recipe.warmup_epochs = 1, recipe.learning_rate = 0.5f;
  const Schedule schedule(recipe, 20);
  EXPECT_FALSE(schedule.timed());
  for (const int64_t step : {0, 10, 20, 100, 199})
    EXPECT_DOUBLE_EQ(schedule.rate(step, 1e9), 0.5 * rate_fraction(step, 200, 20, 0));
  EXPECT_FALSE(schedule.over(1e9, 0));
}

TEST(Schedule, WithATimeItFollowsTheClockAndEndsInside) {
  Recipe recipe;
  recipe.time = "100s", recipe.epochs = 10, recipe.warmup_epochs = 1, recipe.learning_rate = 1,
  recipe.final_rate = 0.01f;
  const Schedule schedule(recipe, 20);
  EXPECT_TRUE(schedule.timed());
  EXPECT_NEAR(schedule.rate(12345, 5), 0.5, 1e-3);  // a tenth of the time is warm-up
  EXPECT_NEAR(schedule.rate(0, 55), 0.505, 1e-3);   // half of what is left, whatever the step
  EXPECT_NEAR(schedule.rate(0, 100), 0.01, 1e-6);
  EXPECT_NEAR(schedule.rate(0, 500), 0.01, 1e-6);
  EXPECT_FALSE(schedule.over(80, 5));
  EXPECT_TRUE(schedule.over(80, 10)) << "the last evaluation takes time too";
  EXPECT_TRUE(schedule.over(100, 0));
}

ir::Graph normed_net(const data::Dataset& set) {
  ir::Builder g("normed", {set.height, set.width, set.channels});
  const ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 4, {.stride = 4, .name = "body"})));
  ir::Graph graph = g.finish(g.dense(g.flatten(x), static_cast<int>(set.labels.size()), "head"));
  ir::initialise(graph, 1);
  return graph;
}

ir::Graph trained(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe) {
  const auto trainer = make_trainer(graph, set, recipe, small_session());
  trainer->run({});
  return trainer->latest();
}

Recipe with(const std::string& freeze, int epochs) {
  Recipe recipe = small_recipe();
  recipe.freeze = freeze, recipe.epochs = epochs, recipe.head_epochs = 2;
  return recipe;
}

TEST(Freeze, ABodyThatIsFrozenKeepsItsWeightsAndItsStatistics) {
  const data::Dataset set = squares(96);
  const ir::Graph before = normed_net(set);
  for (const std::string optimiser : {"sgd", "adamw"}) {
    Recipe recipe = with("body", 3);
    recipe.optimiser = optimiser, recipe.weight_decay = 0.1f;
    const ir::Graph after = trained(before, set, recipe);
    for (const auto& [name, tensor] : before.constants)
      EXPECT_EQ(after.constants.at(name) == tensor, !name.starts_with("head")) << name << " with " << optimiser;
  }
}

TEST(Freeze, HeadFirstThawsTheBodyAfterItsEpochs) {
  const data::Dataset set = squares(96);
  const ir::Graph before = normed_net(set);
  const ir::Graph early = trained(before, set, with("head-first", 2)),
                  late = trained(before, set, with("head-first", 3));
  EXPECT_EQ(early.constants.at("body.weight"), before.constants.at("body.weight"));
  EXPECT_NE(late.constants.at("body.weight"), before.constants.at("body.weight"));
  EXPECT_NE(late.constants.at("batch_norm_1.weight"), before.constants.at("batch_norm_1.weight"));
}

TEST(Freeze, ABiasThatABatchNormTakesAwayStaysZero) {
  const data::Dataset set = squares(96);
  const ir::Graph before = normed_net(set);
  EXPECT_EQ(trained(before, set, with("none", 2)).constants.at("body.bias"), before.constants.at("body.bias"));
}

TEST(Freeze, AnotherWordIsAUsageError) {
  EXPECT_THROW(frozen_nodes(normed_net(squares(8)), with("heads", 1), 0), host::Error);
}

}  // namespace
}  // namespace dimple::train
