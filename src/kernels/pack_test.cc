#include "kernels/pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <span>
#include <vector>

namespace dimple::kernels {
namespace {

using format::Layout;
using ops::Axis;
using testing::Each;
using testing::ElementsAre;

std::vector<int8_t> packed(Layout layout, const ops::Dims& weight) {
  std::vector<int8_t> from(static_cast<size_t>(weight.elements()));
  std::iota(from.begin(), from.end(), int8_t{1});
  std::vector<int8_t> to(static_cast<size_t>(format::packed_bytes(layout, weight)), int8_t{99});
  pack(layout, weight, from.data(), to.data());
  return to;
}

TEST(PackOut8In4, PutsFourWeightsOfEightOutputChannelsSideBySide) {
  const std::vector<int8_t> got = packed(Layout::out8_in4, {{Axis::out, 9}, {Axis::in, 6}});
  ASSERT_EQ(got.size(), 16u * 8);
  const std::span<const int8_t> all(got);
  EXPECT_THAT(all.first(8), ElementsAre(1, 2, 3, 4, 7, 8, 9, 10));         // inputs 0 .. 3 of outputs 0 and 1
  EXPECT_THAT(all.subspan(32, 8), ElementsAre(5, 6, 0, 0, 11, 12, 0, 0));  // inputs 4 and 5, and none
  EXPECT_THAT(all.subspan(64, 4), ElementsAre(49, 50, 51, 52));            // of output 8
  EXPECT_THAT(all.subspan(68, 28), Each(0));                               // of outputs that are not there
}

TEST(PackOut8In4, FollowsTheAxesWhereverOutputChannelsStand) {
  const std::vector<int8_t> got = packed(Layout::out8_in4, {{Axis::row, 2}, {Axis::out, 3}});
  ASSERT_EQ(got.size(), 32u);
  EXPECT_THAT(std::span<const int8_t>(got).first(12), ElementsAre(1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0));
}

}  // namespace
}  // namespace dimple::kernels
