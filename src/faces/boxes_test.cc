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
