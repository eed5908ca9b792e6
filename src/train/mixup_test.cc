#include "train/mixup.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace dimple::train {
namespace {

std::vector<int32_t> rows(int count) {
  std::vector<int32_t> r(static_cast<size_t>(count));
  std::iota(r.begin(), r.end(), 100);
  return r;
}

TEST(Mixup, FollowsFromSeedEpochAndRowAlone) {
  const auto r = rows(50);
  const Mix a = draw_mix(r, 0.4f, 1, 2, 3), b = draw_mix(r, 0.4f, 1, 2, 3), c = draw_mix(r, 0.4f, 1, 3, 3);
  EXPECT_EQ(a.partner, b.partner);
  EXPECT_EQ(a.fraction, b.fraction);
  EXPECT_TRUE(a.partner != c.partner || a.fraction != c.fraction);
}

// E max(b, 1 - b) for Beta(1, 1) is 3/4; a small alpha leaves pictures nearly alone, a large one halves them.
TEST(Mixup, SharesAreThoseOfItsBeta) {
  const auto r = rows(50);
  const auto mean = [&](float alpha) {
    double sum = 0;
    for (int32_t row = 0; row < 4000; ++row) {
      const Mix mix = draw_mix(r, alpha, 1, 0, row);
      EXPECT_GE(mix.fraction, 0.5f);
      EXPECT_LE(mix.fraction, 1.0f);
      EXPECT_GE(mix.partner, 100);
      EXPECT_LT(mix.partner, 150);
      sum += mix.fraction;
    }
    return sum / 4000;
  };
  EXPECT_NEAR(mean(1), 0.75, 0.01);
  EXPECT_GT(mean(0.1f), 0.92);
  EXPECT_NEAR(mean(4), 0.6367, 0.01);  // 1/2 + 1/(2^(2a) * B(a, a) * a) with a = 4: 1/2 + 35/256
}

TEST(Mixup, BlendIsALine) {
  std::vector<float> a{1, 2}, b{3, 0};
  blend(a, b, 0.75f);
  EXPECT_FLOAT_EQ(a[0], 1.5f);
  EXPECT_FLOAT_EQ(a[1], 1.5f);
}

}  // namespace
}  // namespace dimple::train
