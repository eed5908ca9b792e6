#include "image/normalise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace dimple::image {
namespace {

std::vector<int8_t> codes_of(Normalise how, const std::vector<uint8_t>& pixels) {
  std::vector<int8_t> codes(pixels.size());
  normalise(how, {pixels.data(), pixels.size()}, {codes.data(), codes.size()});
  return codes;
}

TEST(Normalise, OffsetMapsEveryPixelToItsOwnCode) {
  std::vector<uint8_t> all(256);
  for (int i = 0; i < 256; ++i) all[i] = i;
  const auto codes = codes_of(Normalise::offset, all);
  for (int i = 0; i < 256; ++i) EXPECT_EQ(codes[i], i - 128);
}

TEST(Normalise, StandardiseGivesMeanZeroAndDeviationOne) {
  std::mt19937 random(1);
  std::normal_distribution<double> bell(90, 25);
  std::vector<uint8_t> pixels(48 * 48);
  for (auto& p : pixels) p = static_cast<uint8_t>(std::clamp(bell(random), 0.0, 255.0));
  double sum = 0, squares = 0;
  for (const int code : codes_of(Normalise::standardise, pixels)) {
    sum += code;
    squares += code * code;
  }
  const double n = pixels.size();
  EXPECT_NEAR(sum / n, 0, 0.3);
  EXPECT_NEAR(std::sqrt(squares / n) * code_scale(Normalise::standardise), 1, 0.02);
}

TEST(Normalise, StandardiseForgetsBrightnessAndContrast) {
  std::vector<uint8_t> dim, bright;
  for (int i = 0; i < 100; ++i) {
    dim.push_back(20 + i % 50);
    bright.push_back(50 + 3 * (i % 50));
  }
  EXPECT_EQ(codes_of(Normalise::standardise, dim), codes_of(Normalise::standardise, bright));
}

TEST(Normalise, StandardiseDoesNotBlowUpNoise) {
  std::vector<uint8_t> nearly_flat(2304, 100);
  for (size_t i = 0; i < nearly_flat.size(); i += 2) nearly_flat[i] = 101;
  for (const int code : codes_of(Normalise::standardise, nearly_flat)) EXPECT_LE(std::abs(code), 2);
  for (const int code : codes_of(Normalise::standardise, std::vector<uint8_t>(2304, 255))) EXPECT_EQ(code, 0);
  EXPECT_EQ(codes_of(Normalise::standardise, {200}), std::vector<int8_t>{0});
}

TEST(Normalise, StandardiseClampsOutliers) {
  std::vector<uint8_t> pixels(2304, 50);
  pixels[7] = 255;
  EXPECT_EQ(codes_of(Normalise::standardise, pixels)[7], 127);
}

TEST(Normalise, StandardiseAgreesWithFloatingPoint) {
  std::mt19937 random(2);
  for (int round = 0; round < 50; ++round) {
    std::vector<uint8_t> pixels(1000 + random() % 3000);
    const int low = random() % 200, span = 1 + random() % 55;
    for (auto& p : pixels) p = low + random() % span;
    double mean = 0, variance = 0;
    for (const int p : pixels) mean += double(p) / pixels.size();
    for (const int p : pixels) variance += (p - mean) * (p - mean) / pixels.size();
    const double deviation = std::max(std::sqrt(variance), double(kLeastDeviation));
    const auto codes = codes_of(Normalise::standardise, pixels);
    for (size_t i = 0; i < pixels.size(); ++i)
      ASSERT_NEAR(codes[i], std::clamp((pixels[i] - mean) * 32 / deviation, -128.0, 127.0), 0.52);
  }
}

TEST(Normalise, SurvivesTheLargestPictureItPromises) {
  std::vector<uint8_t> pixels(kMaxNormalisedPixels, 255);
  for (size_t i = 0; i < pixels.size() / 2; ++i) pixels[i] = 0;
  const auto codes = codes_of(Normalise::standardise, pixels);
  EXPECT_EQ(codes.front(), -32);
  EXPECT_EQ(codes.back(), 32);
}

}  // namespace
}  // namespace dimple::image
