#include "train/schedule.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace dimple::train
