#include "compile/range.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace dimple::compile {
namespace {

std::vector<float> bell(int count, float outlier) {
  std::mt19937 random(1);
  std::vector<float> values;
  for (int i = 0; i < count; ++i) {
    double sum = 0;
    for (int k = 0; k < 12; ++k) sum += static_cast<double>(random() >> 8) / 16777216.0;
    values.push_back(static_cast<float>(sum - 6));
  }
  values.push_back(outlier);
  return values;
}

TEST(Histogram, CountsTheSameInAnyOrder) {
  std::vector<float> values = bell(2000, 90.0f);
  Histogram forwards, backwards, parts, other;
  forwards.add(values);
  backwards.add(std::vector<float>(values.rbegin(), values.rend()));
  parts.add(std::span(values).subspan(0, 700));
  other.add(std::span(values).subspan(700));
  parts.add(other);
  const auto bins = [](const Histogram& h) {
    std::vector<std::pair<double, int64_t>> all;
    h.for_each_bin([&](double c, int64_t n) { all.emplace_back(c, n); });
    return all;
  };
  EXPECT_EQ(bins(forwards), bins(backwards));
  EXPECT_EQ(bins(forwards), bins(parts));
  EXPECT_EQ(forwards.high(), 90.0f);
  EXPECT_EQ(forwards.count(), 2001);
}

TEST(Histogram, KeepsExactZerosApart) {
  Histogram h;
  h.add(std::vector<float>{0, 0, 0, 1});
  int64_t in_bins = 0;
  h.for_each_bin([&](double, int64_t n) { in_bins += n; });
  EXPECT_EQ(in_bins, 1);
  EXPECT_EQ(h.zeros(), 3);
}

TEST(Range, ClipsALonelyOutlierWhenThatErrsLess) {
  Histogram h;
  h.add(bell(500'000, 40.0f));
  EXPECT_EQ(choose_range(h, RangeRule::extremes, 0).high, 40.0);
  EXPECT_LT(choose_range(h, RangeRule::least_error, 0).high, 30.0);
  EXPECT_LT(choose_range(h, RangeRule::percentile, 1e-3).high, 5.0);
}

TEST(Range, AlwaysHoldsZero) {
  Histogram h;
  h.add(std::vector<float>(100, 5.0f));
  for (const RangeRule rule : {RangeRule::extremes, RangeRule::percentile, RangeRule::least_error}) {
    EXPECT_EQ(choose_range(h, rule, 0.5).low, 0.0);
    EXPECT_GT(choose_range(h, rule, 0.5).high, 4.9);
  }
}

TEST(Range, ARangeFromZeroUsesAllCodes) {
  const Codes c = codes_for({0, 2.55});
  EXPECT_EQ(c.zero_point, -128);
  EXPECT_FLOAT_EQ(c.scale, 0.01f);
}

TEST(Range, AValueThatIsAlwaysZeroStillHasAStep) { EXPECT_GT(codes_for({0, 0}).scale, 0.0f); }

TEST(Range, ZeroPointsStayInsideTheCodes) {
  EXPECT_EQ(codes_for({-1, 0}).zero_point, 127);
  EXPECT_EQ(codes_for({-1.28, 1.27}).zero_point, 0);
}

TEST(Range, WeightsMayBeClippedWhereThatErrsLess) {
  const std::vector<float> weights = bell(500, 40.0f);
  EXPECT_EQ(choose_weight_limit(weights, RangeRule::extremes), 40.0);
  const std::vector<float> even{-1.0f, 1.0f, 0.5f};
  EXPECT_NEAR(choose_weight_limit(even, RangeRule::least_error), 1.0, 0.01);
  EXPECT_EQ(choose_weight_limit(std::vector<float>{0, 0}, RangeRule::least_error), 0.0);
}

}  // namespace
}  // namespace dimple::compile
