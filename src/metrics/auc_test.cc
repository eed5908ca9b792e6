#include "metrics/auc.h"

#include <gtest/gtest.h>

#include <vector>

namespace dimple::metrics {

// Two columns, the second is the score of class 1.
static std::vector<float> two_columns(const std::vector<float>& positive) {
  std::vector<float> scores;
  for (const float p : positive) scores.insert(scores.end(), {1 - p, p});
  return scores;
}

TEST(Auc, IsTheShareOfPairsInTheRightOrder) {
  // Positives 0.35 and 0.8, negatives 0.1 and 0.4: three pairs of four are in order.
  EXPECT_DOUBLE_EQ(*auc(two_columns({0.1f, 0.4f, 0.35f, 0.8f}), std::vector<int32_t>{0, 0, 1, 1}, 2, 1), 0.75);
  EXPECT_DOUBLE_EQ(*auc(two_columns({0.1f, 0.2f, 0.8f, 0.9f}), std::vector<int32_t>{0, 0, 1, 1}, 2, 1), 1);
}

TEST(Auc, CountsATieAsHalf) {
  EXPECT_DOUBLE_EQ(*auc(two_columns({0.5f, 0.5f, 0.5f}), std::vector<int32_t>{0, 1, 1}, 2, 1), 0.5);
}

TEST(Auc, DoesNotExistForAnAbsentClass) {
  const std::vector<float> scores = two_columns({0.1f, 0.9f});
  EXPECT_FALSE(auc(scores, std::vector<int32_t>{0, 0}, 2, 1).has_value());
  EXPECT_FALSE(auc(scores, std::vector<int32_t>{1, 1}, 2, 1).has_value());
}

}  // namespace dimple::metrics
