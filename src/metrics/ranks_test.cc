#include "metrics/ranks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dimple::metrics {
namespace {

using Numbers = std::vector<double>;

TEST(Ranks, AreSharedByEqualNumbers) {
  EXPECT_THAT(mean_ranks(Numbers{30, 10, 20, 10}), testing::ElementsAre(4, 1.5, 3, 1.5));
  EXPECT_THAT(mean_ranks(Numbers{}), testing::IsEmpty());
}

TEST(Ranks, CorrelateByOrderAlone) {
  EXPECT_DOUBLE_EQ(*rank_correlation(Numbers{1, 2, 3, 4}, Numbers{1, 10, 100, 1000}), 1);
  EXPECT_DOUBLE_EQ(*rank_correlation(Numbers{1, 2, 3, 4}, Numbers{9, 8, 7, 6}), -1);
  // Without ties 1 - 6 sum(d^2) / (n (n^2 - 1)): here 1 - 6 * 2 / 60.
  EXPECT_DOUBLE_EQ(*rank_correlation(Numbers{1, 2, 3, 4}, Numbers{2, 1, 3, 4}), 0.8);
}

TEST(Ranks, CorrelateWithNothingThatIsAllEqual) {
  EXPECT_FALSE(rank_correlation(Numbers{1, 1, 1}, Numbers{1, 2, 3}).has_value());
  EXPECT_FALSE(rank_correlation(Numbers{1}, Numbers{2}).has_value());
  EXPECT_FALSE(rank_correlation(Numbers{}, Numbers{}).has_value());
}

}  // namespace
}  // namespace dimple::metrics
