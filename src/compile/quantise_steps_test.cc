#include "compile/quantise_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/random_graph_testing.h"
#include "host/error.h"

namespace dimple::compile {
namespace {

using testing::ElementsAre;

std::vector<std::string_view> steps_of(QuantiseOptions options) {
  std::vector<std::string_view> ran;
  options.on_step = [&](const QuantiseReport& r) {
    ran.push_back(r.step);
    EXPECT_GE(r.milliseconds, 0);
  };
  RandomGraph random(4);
  const ir::Graph graph = random.make();
  quantise(graph, {random.codes(graph, 4), 1.0f / 128}, options);
  return ran;
}

ir::Graph made_by(std::vector<std::string> steps, std::vector<std::string> without = {}) {
  RandomGraph random(4);
  const ir::Graph graph = random.make();
  return quantise(graph, {random.codes(graph, 4), 1.0f / 128},
                  {.steps = std::move(steps), .without = std::move(without), .clipped_share = 0.1});
}

TEST(QuantiseSteps, RunInTheOrderOfThePage) {
  EXPECT_THAT(steps_of({}), ElementsAre("calibrate", "mse", "weights-mse", "correct-biases", "round-biases"));
  EXPECT_THAT(steps_of({.steps = {"correct-biases", "percentile", "equalise"}}),
              ElementsAre("equalise", "calibrate", "percentile", "weights-min-max", "correct-biases", "round-biases"));
}

TEST(QuantiseSteps, AGroupOfWhichNoneIsNamedTakesItsPlainest) {
  EXPECT_THAT(steps_of({.steps = {}}), ElementsAre("calibrate", "min-max", "weights-min-max", "round-biases"));
  EXPECT_THAT(steps_of({.without = {"mse", "correct-biases"}}),
              ElementsAre("calibrate", "min-max", "weights-mse", "round-biases"));
}

TEST(QuantiseSteps, EachChangesTheResult) {
  const ir::Graph plain = made_by({});
  for (const char* step : {"percentile", "mse", "weights-mse", "correct-biases", "equalise"})
    EXPECT_NE(made_by({step}), plain) << step;
  EXPECT_EQ(made_by({"min-max", "weights-min-max"}), plain);
  EXPECT_EQ(made_by({"mse", "weights-mse", "correct-biases"}, {"mse", "correct-biases"}), made_by({"weights-mse"}));
}

TEST(QuantiseSteps, WhatIsNoStepIsRefused) {
  const auto refusal = [](const QuantiseOptions& options) {
    try {
      check_steps(options);
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::usage);
      return std::string(error.what());
    }
    return std::string("nothing was refused");
  };
  EXPECT_EQ(refusal({.steps = {"equalize"}}), "--ptq: there is no `equalize`");
  EXPECT_EQ(refusal({.without = {"calibrate"}}), "--without: there is no `calibrate`");
  EXPECT_EQ(refusal({.steps = {"mse", "percentile"}}), "--ptq: percentile and mse both choose the codes of values");
  EXPECT_EQ(refusal({}), "nothing was refused");
}

}  // namespace
}  // namespace dimple::compile
