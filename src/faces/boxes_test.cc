#include "faces/boxes.h"

#include <gtest/gtest.h>

#include <vector>

namespace dimple::faces {
namespace {

TEST(Overlap, IsAllForTheSameBoxAndNothingApart) {
  EXPECT_EQ(overlap_permille({3, 4, 10, 10}, {3, 4, 10, 10}), 1000);
  EXPECT_EQ(overlap_permille({0, 0, 10, 10}, {10, 0, 10, 10}), 0);
  EXPECT_EQ(overlap_permille({0, 0, 10, 10}, {500, 500, 10, 10}), 0);
  EXPECT_EQ(overlap_permille({0, 0, 0, 0}, {0, 0, 0, 0}), 0);
}

TEST(Overlap, IsTheSharedPartOfTheUnion) {
  EXPECT_EQ(overlap_permille({0, 0, 10, 10}, {5, 0, 10, 10}), 333);
  EXPECT_EQ(overlap_permille({0, 0, 10, 10}, {2, 2, 5, 5}), 250);
}

TEST(Intersection, OfBoxesAnywhereStaysWithinItsIntegers) {
  const Box picture{0, 0, 640, 480};
  EXPECT_EQ(intersection({INT32_MAX - 1, 5, INT32_MAX, 10}, picture).area(), 0);
  EXPECT_EQ(intersection({INT32_MIN, 5, INT32_MAX, 10}, picture).area(), 0);
  EXPECT_EQ(intersection({-5, -6, INT32_MAX, INT32_MAX}, picture), picture);
  EXPECT_EQ(intersection({5, 5, -3, 10}, picture).area(), 0);
}

TEST(KeepBest, KeepsTheSurestOfBoxesOnOneFace) {
  std::vector<ScoredBox> boxes = {{{0, 0, 10, 10}, 0.5f}, {{1, 0, 10, 10}, 0.9f}, {{50, 0, 10, 10}, 0.7f}};
  ASSERT_EQ(keep_best({boxes.data(), boxes.size()}, 300), 2u);
  EXPECT_EQ(boxes[0].score, 0.9f);
  EXPECT_EQ(boxes[1].score, 0.7f);
}

TEST(KeepBest, KeepsNeighboursThatHardlyTouch) {
  std::vector<ScoredBox> boxes = {{{0, 0, 10, 10}, 0.5f}, {{8, 0, 10, 10}, 0.9f}};
  EXPECT_EQ(keep_best({boxes.data(), boxes.size()}, 300), 2u);
}

TEST(KeepBest, AcceptsNothing) { EXPECT_EQ(keep_best({}, 300), 0u); }

}  // namespace
}  // namespace dimple::faces
