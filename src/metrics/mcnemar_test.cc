#include "metrics/mcnemar.h"

#include <gtest/gtest.h>

#include <vector>

namespace dimple::metrics {
namespace {

// 1 against 9: 2 * (C(10,0) + C(10,1)) / 2^10 = 22 / 1024. 0 against 5: 2 / 2^5.
TEST(McNemar, FewRowsAreCountedExactly) {
  EXPECT_NEAR(mcnemar(1, 9).p, 22.0 / 1024, 1e-12);
  EXPECT_NEAR(mcnemar(0, 5).p, 2.0 / 32, 1e-12);
  EXPECT_TRUE(mcnemar(1, 9).exact);
  EXPECT_EQ(mcnemar(0, 0).p, 1);
  EXPECT_EQ(mcnemar(3, 3).p, 1);
}

// Summed by hand with whole numbers: 2 * sum_{k<10} C(35,k) / 2^35 + C(35,10) / 2^35, and the like.
TEST(McNemar, ManyRowsUseTheMidP) {
  EXPECT_NEAR(mcnemar(10, 25).p, 0.011330984183587134, 1e-12);
  EXPECT_NEAR(mcnemar(5, 21).p, 0.0015137195587158203, 1e-12);
  EXPECT_NEAR(mcnemar(40, 60).p, 0.046044066929342806, 1e-10);
  EXPECT_NEAR(mcnemar(360, 300).p, 0.019541266266901794, 1e-10);
  EXPECT_FALSE(mcnemar(10, 25).exact);
}

TEST(McNemar, SidesDoNotMatterAndEqualsDoNotDiffer) {
  for (const auto& [a, b] : {std::pair{2, 7}, {30, 41}, {100, 160}}) EXPECT_EQ(mcnemar(a, b).p, mcnemar(b, a).p);
  EXPECT_NEAR(mcnemar(500, 500).p, 1, 1e-9);
  EXPECT_GT(mcnemar(1000, 1010).p, 0.8);
  EXPECT_LT(mcnemar(4000, 5000).p, 1e-20);
}

TEST(McNemar, CountsOnlyRowsOnWhichTheyDiffer) {
  const std::vector<uint8_t> a{1, 1, 1, 0, 0, 1}, b{1, 0, 0, 1, 0, 1};
  const McNemar m = mcnemar(a, b);
  EXPECT_EQ(m.only_first, 2);
  EXPECT_EQ(m.only_second, 1);
}

}  // namespace
}  // namespace dimple::metrics
