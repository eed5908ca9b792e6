#include "image/crop.h"

#include <gtest/gtest.h>

namespace dimple::image {
namespace {

TEST(CropBox, IsTheFaceItselfWithoutMargin) { EXPECT_EQ(crop_box({}, {10, 20, 30, 30}), (Box{10, 20, 30, 30})); }

TEST(CropBox, GrowsAroundTheCentre) {
  EXPECT_EQ(crop_box({.margin_permille = 200}, {100, 100, 50, 50}), (Box{95, 95, 60, 60}));
  EXPECT_EQ(crop_box({.margin_permille = -200}, {100, 100, 50, 50}), (Box{105, 105, 40, 40}));
}

TEST(CropBox, ShiftsDownwards) {
  EXPECT_EQ(crop_box({.shift_permille = 100}, {0, 0, 50, 50}), (Box{0, 5, 50, 50}));
  EXPECT_EQ(crop_box({.shift_permille = -100}, {0, 0, 50, 50}), (Box{0, -5, 50, 50}));
}

TEST(CropBox, TakesTheLongerSideAndKeepsTheNetworksProportions) {
  EXPECT_EQ(crop_box({}, {0, 0, 20, 40}), (Box{-10, 0, 40, 40}));
  EXPECT_EQ(crop_box({.width = 2, .height = 1}, {0, 0, 40, 40}), (Box{-20, 0, 80, 40}));
}

TEST(CropBox, IsNeverEmptyAndNeverOverflows) {
  EXPECT_EQ(crop_box({.margin_permille = -999}, {5, 5, 1, 1}), (Box{5, 5, 1, 1}));
  const Box huge = crop_box({.width = 3, .height = 1, .margin_permille = 9000, .shift_permille = 9000},
                            {INT32_MAX, INT32_MIN, INT32_MAX, INT32_MAX});
  EXPECT_GT(huge.width, 0);
  EXPECT_GT(huge.height, 0);
  EXPECT_GT(crop_box({}, {0, 0, -4, -4}).width, 0);
}

}  // namespace
}  // namespace dimple::image
