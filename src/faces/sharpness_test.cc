#include "faces/sharpness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace dimple::faces {
namespace {

constexpr int kSide = 48;

std::vector<uint8_t> stripes(int width) {
  std::vector<uint8_t> pixels(kSide * kSide);
  for (int i = 0; i < kSide * kSide; i++) pixels[static_cast<size_t>(i)] = i % kSide / width % 2 ? 200 : 50;
  return pixels;
}

std::vector<uint8_t> ramp() {
  std::vector<uint8_t> pixels(kSide * kSide);
  for (int i = 0; i < kSide * kSide; i++) pixels[static_cast<size_t>(i)] = static_cast<uint8_t>(i % kSide * 5);
  return pixels;
}

float of_grey(const std::vector<uint8_t>& pixels, int width = kSide, int height = kSide) {
  return sharpness(image::packed(pixels.data(), width, height, 1));
}

TEST(Sharpness, FallsFromFineToCoarseToSmooth) {
  EXPECT_EQ(of_grey(stripes(1)), 1);
  EXPECT_GT(of_grey(stripes(4)), of_grey(stripes(12)));
  EXPECT_LT(of_grey(ramp()), 0.01f);
}

TEST(Sharpness, DoesNotDependOnContrast) {
  std::vector<uint8_t> faint = stripes(12);
  for (uint8_t& pixel : faint) pixel = static_cast<uint8_t>(100 + (pixel - 50) / 10);
  EXPECT_NEAR(of_grey(faint), of_grey(stripes(12)), 1e-4);
}

TEST(Sharpness, OfAFlatPictureIsZero) {
  EXPECT_EQ(of_grey(std::vector<uint8_t>(kSide * kSide, 7)), 0);
  EXPECT_EQ(of_grey({1, 2}, 2, 1), 0);
}

TEST(Sharpness, OfColoursIsThatOfGreenAndRowsMayLieApart) {
  const std::vector<uint8_t> grey = stripes(12);
  std::vector<uint8_t> colour(kSide * (3 * kSide + 5), 99);
  for (size_t i = 0; i < grey.size(); ++i) colour[i / kSide * (3 * kSide + 5) + i % kSide * 3 + 1] = grey[i];
  EXPECT_EQ(sharpness({colour.data(), kSide, kSide, 3, 3 * kSide + 5}), of_grey(grey));
}

// The formula as it is thought, in doubles.
double exact(const std::vector<uint8_t>& pixels, int width, int height) {
  const auto at = [&](int x, int y) { return static_cast<double>(pixels[static_cast<size_t>(y * width + x)]); };
  double sum = 0, squares = 0, bends = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      sum += at(x, y);
      squares += at(x, y) * at(x, y);
      if (x == 0 || y == 0 || x == width - 1 || y == height - 1) continue;
      bends += std::pow(at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y), 2);
    }
  }
  const double n = static_cast<double>(width) * height, inner = (width - 2.0) * (height - 2.0);
  return std::min(1.0, std::sqrt(bends / inner / (squares / n - sum / n * (sum / n))));
}

// Noise on a slope: from almost none, which is the smoothest that is not flat, to nothing but noise.
TEST(Sharpness, IsTheFormulaToTheLastBitOfAFloat) {
  std::mt19937 random(20);
  for (int round = 0; round < 300; ++round) {
    const int width = 8 + static_cast<int>(random() % 60), height = 8 + static_cast<int>(random() % 60);
    const uint32_t slope = 1 + random() % 3, noise = 1 + static_cast<uint32_t>(round) % 60;
    std::vector<uint8_t> pixels;
    for (uint32_t i = 0; i < static_cast<uint32_t>(width * height); ++i)
      pixels.push_back(static_cast<uint8_t>(i % static_cast<uint32_t>(width) * slope + random() % noise));
    EXPECT_NEAR(of_grey(pixels, width, height), exact(pixels, width, height), 4e-8) << "round " << round;
  }
}

TEST(Sharpness, OfTheLargestAndHardestPictureStaysWithinItsIntegers) {
  std::vector<uint8_t> board(size_t{kMaxSharpnessSide} * kMaxSharpnessSide);
  for (size_t i = 0; i < board.size(); ++i) board[i] = (i + i / kMaxSharpnessSide) % 2 == 0 ? 0 : 255;
  EXPECT_EQ(of_grey(board, kMaxSharpnessSide, kMaxSharpnessSide), 1);
  std::fill(board.begin(), board.begin() + board.size() / 2, 0);
  std::fill(board.begin() + board.size() / 2, board.end(), 255);
  EXPECT_NEAR(of_grey(board, kMaxSharpnessSide, kMaxSharpnessSide), exact(board, kMaxSharpnessSide, kMaxSharpnessSide),
              1e-7);
}

}  // namespace
}  // namespace dimple::faces
