#include "metrics/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dimple::metrics {
namespace {

std::vector<double> mean_of(const std::vector<double>& values, std::span<const int32_t> rows) {
  double sum = 0;
  for (const int32_t row : rows) sum += values[static_cast<size_t>(row)];
  return {sum / static_cast<double>(rows.size())};
}

std::vector<double> half_ones(size_t n) {
  std::vector<double> values(n);
  for (size_t i = 0; i < n; i += 2) values[i] = 1;
  return values;
}

TEST(Bootstrap, FindsTheSpreadOfAProportion) {
  const std::vector<double> values = half_ones(1000);
  const Interval interval = bootstrap(1000, {}, [&](auto rows) { return mean_of(values, rows); }).at(0);
  const double expected = 1.96 * std::sqrt(0.25 / 1000);
  EXPECT_NEAR(interval.high - 0.5, expected, expected * 0.15);
  EXPECT_NEAR(0.5 - interval.low, expected, expected * 0.15);
}

TEST(Bootstrap, TheSameSeedGivesTheSameInterval) {
  const std::vector<double> values = half_ones(100);
  const auto draw = [&](uint64_t seed) {
    return bootstrap(100, {}, [&](auto rows) { return mean_of(values, rows); }, {.resamples = 101, .seed = seed}).at(0);
  };
  EXPECT_EQ(draw(7).low, draw(7).low);
  EXPECT_EQ(draw(7).high, draw(7).high);
}

TEST(Bootstrap, RowsThatBelongTogetherWidenTheInterval) {
  std::vector<double> values(1000);
  std::vector<int32_t> group(1000);
  for (size_t i = 0; i < 1000; ++i) {
    group[i] = static_cast<int32_t>(i / 100);  // ten groups, all alike inside
    values[i] = group[i] % 2;
  }
  const auto statistic = [&](std::span<const int32_t> rows) { return mean_of(values, rows); };
  const Interval alone = bootstrap(1000, {}, statistic).at(0), together = bootstrap(1000, group, statistic).at(0);
  EXPECT_GT(together.high - together.low, 5 * (alone.high - alone.low));
}

TEST(Bootstrap, OfEqualRowsIsAPoint) {
  const Interval interval = bootstrap(5, {}, [](auto) { return std::vector<double>{0.25}; }).at(0);
  EXPECT_EQ(interval.low, 0.25);
  EXPECT_EQ(interval.high, 0.25);
}

}  // namespace
}  // namespace dimple::metrics
