#include "train/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/error.h"
#include "train/squares_testing.h"

namespace dimple::train {
namespace {

// 8 of class 0, 2 of class 1, 50 of class 2.
data::Dataset uneven() {
  data::Dataset set = squares(60);
  for (size_t i = 0; i < 60; ++i) set.label[i] = i < 8 ? 0 : i < 10 ? 1 : 2, set.split[i] = data::Split::train;
  return set;
}

TEST(Sampler, ShuffleIsEveryRowOnce) {
  const data::Dataset set = uneven();
  const auto rows = data::rows_of(set, data::Split::train);
  const Sampler sampler(set, rows, "shuffle", 1);
  auto order = sampler.order(4);
  EXPECT_EQ(order, shuffled(rows, 1, 4));
  std::ranges::sort(order);
  EXPECT_EQ(order, rows);
}

TEST(Sampler, BalancedGivesEveryClassTheSameShare) {
  const data::Dataset set = uneven();
  const Sampler sampler(set, data::rows_of(set, data::Split::train), "balanced", 1);
  for (int epoch = 0; epoch < 4; ++epoch) {
    std::map<int32_t, int> count;
    const auto order = sampler.order(epoch);
    EXPECT_EQ(order.size(), 60u);
    for (const int32_t draw : order) ++count[set.label[static_cast<size_t>(draw) % 60]];
    EXPECT_EQ(count, (std::map<int32_t, int>{{0, 20}, {1, 20}, {2, 20}}));
  }
  EXPECT_EQ(sampler.order(2), sampler.order(2));
  EXPECT_NE(sampler.order(2), sampler.order(3));
}

TEST(Sampler, BalancedDrawsAreAllDifferentAndALargeClassIsSeenWhole) {
  const data::Dataset set = uneven();
  const Sampler sampler(set, data::rows_of(set, data::Split::train), "balanced", 1);
  std::set<int32_t> large;
  for (int epoch = 0; epoch < 5; ++epoch) {
    const auto order = sampler.order(epoch);
    EXPECT_EQ(std::set<int32_t>(order.begin(), order.end()).size(), order.size()) << "a turn of its own for each";
    for (const int32_t draw : order)
      if (set.label[static_cast<size_t>(draw) % 60] == 2) large.insert(draw % 60);
  }
  EXPECT_EQ(large.size(), 50u);  // 5 epochs of 20 are two rounds
}

TEST(Sampler, AnUnknownOneIsAUsageError) {
  const data::Dataset set = uneven();
  EXPECT_THROW(Sampler(set, data::rows_of(set, data::Split::train), "magic", 1), host::Error);
}

}  // namespace
}  // namespace dimple::train
