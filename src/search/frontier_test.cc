#include "search/frontier.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dimple::search {
namespace {

Move move(const char* kind, double before, double after, int64_t from = 1) {
  return {from, {kind, "x", 1}, before, after};
}

TEST(Frontier, BeforeAnythingIsKnownTheCheapestNetworkComesFirst) {
  Frontier frontier({});
  frontier.open(1, {move("narrow", 100, 90), move("stride", 100, 40), move("kernel", 100, 70)});
  EXPECT_EQ(frontier.next()->step.kind, "stride");
  EXPECT_EQ(frontier.next()->step.kind, "kernel");
  EXPECT_EQ(frontier.next()->step.kind, "narrow");
  EXPECT_FALSE(frontier.next().has_value());
}

TEST(Frontier, LearnsWhichKindsPay) {
  Frontier frontier({.optimism = 1});
  frontier.open(1, {move("narrow", 100, 70), move("stride", 100, 40), move("kernel", 100, 70)});
  EXPECT_EQ(frontier.price_of("narrow"), frontier.price_of("stride"));
  frontier.learn(move("stride", 100, 40), 1, 0.7);
  frontier.learn(move("narrow", 100, 70), 1, 0.995);
  EXPECT_LT(frontier.price_of("narrow"), frontier.price_of("kernel"));
  EXPECT_LT(frontier.price_of("kernel"), frontier.price_of("stride"));
  EXPECT_EQ(frontier.next()->step.kind, "narrow");
  EXPECT_EQ(frontier.next()->step.kind, "kernel");
}

// With all of its optimism, no step behind a network has a lower rank than the network: what is bounded stays bounded.
TEST(Frontier, TheBoundRisesAsStepsTurnOutCostly) {
  Frontier frontier({.floor = 0.8, .optimism = 1});
  frontier.open(1, {move("narrow", 100, 50), move("kernel", 100, 50)});
  const double before = *frontier.bound();
  EXPECT_LT(before, 50);
  for (int i = 0; i < 5; ++i) frontier.learn(move("narrow", 100, 50), 1, 0.9);
  for (int i = 0; i < 5; ++i) frontier.learn(move("kernel", 100, 50), 1, 0.9);
  EXPECT_GT(*frontier.bound(), before);
}

// Narrowing has cost nothing yet, a longer stride something: by rank the former come first, and between them the cheapest
// network that can still be above the floor.
TEST(Frontier, EveryOtherStepIsTheDeepestThatMaySurvive) {
  Frontier frontier({.floor = 0.8});
  for (int i = 0; i < 3; ++i) frontier.learn(move("narrow", 100, 60), 1, 1);
  frontier.learn(move("stride", 100, 25), 1, 0.9);
  for (int i = 0; i < 9; ++i) frontier.learn(move("kernel", 100, 50), 1, 0.1);
  frontier.open(1,
                {move("narrow", 100, 90), move("stride", 100, 25), move("narrow", 100, 80), move("kernel", 100, 10)});
  EXPECT_EQ(frontier.next()->cost_after, 80);
  EXPECT_EQ(frontier.next()->step.kind, "stride");
  EXPECT_EQ(frontier.next()->cost_after, 90);
  EXPECT_EQ(frontier.next()->step.kind, "kernel");  // none is expected to survive: by rank
  EXPECT_FALSE(frontier.next().has_value());
}

TEST(Frontier, NothingIsTakenFromWhatLiesBelowTheFloorAndNothingIsDoneThatSavesNothing) {
  Frontier frontier({.floor = 0.8});
  frontier.open(0.79, {move("narrow", 100, 50)});
  frontier.open(0.9, {move("shortcut", 100, 100)});
  EXPECT_EQ(frontier.waiting(), 0u);
  EXPECT_FALSE(frontier.bound().has_value());
}

TEST(Frontier, DepthFirstGoesOnWhereItOpenedLast) {
  Frontier frontier({.order = Order::depth_first});
  frontier.open(1, {move("narrow", 100, 90, 1), move("stride", 100, 40, 1)});
  EXPECT_EQ(frontier.next()->from, 1);
  frontier.open(0.9, {move("narrow", 40, 36, 2), move("kernel", 40, 30, 2)});
  EXPECT_EQ(frontier.next()->step.kind, "kernel");
  EXPECT_EQ(frontier.next()->from, 2);
  EXPECT_EQ(frontier.next()->from, 1);
}

}  // namespace
}  // namespace dimple::search
