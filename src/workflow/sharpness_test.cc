#include "workflow/sharpness.h"

#include <gtest/gtest.h>

#include <vector>

namespace dimple::workflow {
namespace {

constexpr int kSide = 48;

std::vector<uint8_t> stripes(int width) {
  std::vector<uint8_t> pixels(kSide * kSide);
  for (int i = 0; i < kSide * kSide; ++i) pixels[static_cast<size_t>(i)] = i % kSide / width % 2 ? 200 : 50;
  return pixels;
}

std::vector<uint8_t> ramp() {
  std::vector<uint8_t> pixels(kSide * kSide);
  for (int i = 0; i < kSide * kSide; ++i) pixels[static_cast<size_t>(i)] = static_cast<uint8_t>(i % kSide * 5);
  return pixels;
}

TEST(Sharpness, FallsFromFineToCoarseToSmooth) {
  EXPECT_EQ(sharpness(stripes(1), kSide, kSide), 1);
  EXPECT_GT(sharpness(stripes(4), kSide, kSide), sharpness(stripes(12), kSide, kSide));
  EXPECT_LT(sharpness(ramp(), kSide, kSide), 0.01f);
}

TEST(Sharpness, DoesNotDependOnContrast) {
  std::vector<uint8_t> faint = stripes(12);
  for (uint8_t& pixel : faint) pixel = static_cast<uint8_t>(100 + (pixel - 50) / 10);
  EXPECT_NEAR(sharpness(faint, kSide, kSide), sharpness(stripes(12), kSide, kSide), 1e-4);
}

TEST(Sharpness, OfAFlatPictureIsZero) {
  EXPECT_EQ(sharpness(std::vector<uint8_t>(kSide * kSide, 7), kSide, kSide), 0);
  EXPECT_EQ(sharpness(std::vector<uint8_t>{1, 2}, 2, 1), 0);
}

}  // namespace
}  // namespace dimple::workflow
