#include "train/guard.h"

#include <gtest/gtest.h>

#include <cmath>

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

}  // namespace
}  // namespace dimple::train
