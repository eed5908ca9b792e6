#include "compile/overlap.h"

#include <gtest/gtest.h>

namespace dimple::compile {
namespace {

ir::ValueType s8(int h, int w, int c) { return {DType::s8, {h, w, c}, 1.0f, 0}; }

ops::Window window(int kernel, int stride, int pad) { return {kernel, kernel, stride, stride, pad, pad, pad, pad}; }

TEST(Overlap, AnElementWiseOutputMayLieOnItsInput) {
  EXPECT_EQ(overlap_distance(ops::Relu{}, s8(8, 8, 4), s8(8, 8, 4)), 0);
  EXPECT_EQ(overlap_distance(ops::Add{}, s8(8, 8, 4), s8(8, 8, 4)), 0);
}

TEST(Overlap, AProductMayLieOnAnInputOfItsSizeOnly) {
  EXPECT_EQ(overlap_distance(ops::Multiply{}, s8(8, 8, 4), s8(8, 8, 4)), 0);
  EXPECT_FALSE(overlap_distance(ops::Multiply{}, s8(1, 1, 4), s8(8, 8, 4)));
  EXPECT_FALSE(overlap_distance(ops::Multiply{}, s8(8, 8, 1), s8(8, 8, 4)));
}

TEST(Overlap, OneChannelOutOfManyMayLieOnThem) {
  EXPECT_EQ(overlap_distance(ops::ChannelMax{}, s8(8, 8, 4), s8(8, 8, 1)), 0);
  EXPECT_EQ(overlap_distance(ops::ChannelMean{}, s8(8, 8, 4), s8(8, 8, 1)), 0);
}

TEST(Overlap, APointwiseConvolutionIsOneRowAhead) {
  EXPECT_EQ(overlap_distance(ops::Conv2d{4, window(1, 1, 0)}, s8(8, 8, 4), s8(8, 8, 4)), 32);
}

TEST(Overlap, PaddingCostsOneMoreRow) {
  EXPECT_EQ(overlap_distance(ops::DepthwiseConv2d{window(3, 1, 1)}, s8(8, 8, 4), s8(8, 8, 4)), 64);
}

TEST(Overlap, AStrideLeavesRoomSoOnlyTheFirstRowCounts) {
  EXPECT_EQ(overlap_distance(ops::MaxPool{window(2, 2, 0)}, s8(8, 8, 4), s8(4, 4, 4)), 16);
}

TEST(Overlap, AWideningConvolutionFallsBehindItsInput) {
  // Rows of 64 written against rows of 32 read: row 7 ends at 512, its window starts at byte 192.
  EXPECT_EQ(overlap_distance(ops::Conv2d{8, window(3, 1, 1)}, s8(8, 8, 4), s8(8, 8, 8)), 512 - 192);
}

TEST(Overlap, ThePadsLowerBorderNeedsNoInput) {
  // Row 8 is the last that reads: 9 * 40 bytes written, 7 * 32 passed; the three rows of the border set no limit.
  EXPECT_EQ(overlap_distance(ops::Pad{1, 1, 3, 1}, s8(8, 8, 4), s8(12, 10, 4)), 9 * 40 - 7 * 32);
}

TEST(Overlap, RowsThatAreTakenAwayMakeRoom) {
  // Row r is read from row r + 2: the first one written ends before it.
  EXPECT_EQ(overlap_distance(ops::Pad{-2, 0, 0, 0}, s8(8, 8, 4), s8(6, 8, 4)), 0);
}

TEST(Overlap, WhatNeedsItsWholeInputStaysApart) {
  EXPECT_FALSE(overlap_distance(ops::Dense{7}, s8(8, 8, 4), s8(1, 1, 7)));
  EXPECT_FALSE(overlap_distance(ops::GlobalAveragePool{}, s8(8, 8, 4), s8(1, 1, 4)));
  EXPECT_FALSE(overlap_distance(ops::GlobalMaxPool{}, s8(8, 8, 4), s8(1, 1, 4)));
  EXPECT_FALSE(overlap_distance(ops::Concat{}, s8(8, 8, 4), s8(8, 8, 8)));
  EXPECT_FALSE(overlap_distance(ops::Dequantise{}, s8(1, 1, 7), {DType::f32, {1, 1, 7}}));
  // A window over everything: the one row it writes may need every row.
  EXPECT_FALSE(overlap_distance(ops::Conv2d{8, window(8, 8, 0)}, s8(8, 8, 4), s8(1, 1, 8)));
}

}  // namespace
}  // namespace dimple::compile
