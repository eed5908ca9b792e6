#include "ir/cost.h"

#include <gtest/gtest.h>

#include "ir/builder.h"
#include "ir/idle_bias.h"

namespace dimple::ir {
namespace {

TEST(Cost, CountsNoBiasThatABatchNormTakesAway) {
  Builder g("normed", {8, 8, 3});
  const Value x = g.batch_norm(g.conv(g.input(), 4, {.kernel = 1}));
  const Cost cost = estimate_cost(g.finish(g.dense(g.global_average_pool(x), 2)));
  EXPECT_EQ(cost.parameters, 3 * 4 + 2 * 4 + (4 * 2 + 2));
  EXPECT_EQ(cost.statistics, 2 * 4);
}

TEST(Cost, CountsABiasThatAnotherNodeHears) {
  Builder g("heard", {8, 8, 3});
  const Value conv = g.conv(g.input(), 4, {.kernel = 1});
  const Graph graph = g.finish(g.add(g.batch_norm(conv), conv));
  EXPECT_EQ(estimate_cost(graph).parameters, 3 * 4 + 4 + 2 * 4);
  for (const bool idle : idle_biases(graph)) EXPECT_FALSE(idle);
}

TEST(Cost, CountsABiasBehindWhichAnActivationStands) {
  const auto is_idle = [](ops::Activation activation) -> bool {
    Builder g("clamped", {1, 1, 3});
    const Value x = g.append(ops::Dense{.units = 4, .activation = activation}, {g.input()});
    return idle_biases(g.finish(g.batch_norm(x))).front();
  };
  EXPECT_TRUE(is_idle(ops::Activation::none));
  EXPECT_FALSE(is_idle(ops::Activation::relu));
}

TEST(Cost, WorkCountsWhatLooksAtElementsWithoutMultiplying) {
  Builder g("work", {100, 100, 3});
  const Value x = g.conv(g.input(), 8);                                   // 8 x 3 x 3 x 3 for each of 100 x 100
  const Value y = g.max_pool(x, {.kernel = 51, .stride = 1, .pad = 25});  // 51 x 51 for each of 100 x 100 x 8
  const Graph graph = g.finish(g.global_average_pool(y));                 // each of its inputs
  EXPECT_EQ(work_of(graph), 100 * 100 * (8 * 27 + 8 * 51 * 51 + 8));
}

TEST(Cost, FollowsAConstantToItsBatchNormButNotThroughPadding) {
  const auto first_is_idle = [](const ConvOptions& second) -> bool {
    Builder g("two", {8, 8, 3});
    const Value x = g.max_pool(g.concat({g.depthwise(g.input()), g.input()}));
    const Graph graph = g.finish(g.batch_norm(g.conv(x, 4, second)));
    const std::vector<bool> idle = idle_biases(graph);
    return idle.front();
  };
  EXPECT_TRUE(first_is_idle({.kernel = 3, .pad = 0}));
  EXPECT_FALSE(first_is_idle({.kernel = 3, .pad = 1}));
}

}  // namespace
}  // namespace dimple::ir
