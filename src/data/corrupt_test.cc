#include "data/corrupt.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "host/error.h"

namespace dimple::data {
namespace {

constexpr int32_t kSide = 48;

// Soft and hard edges, and a texture, as a face has them.
std::vector<uint8_t> drawing(int32_t channels) {
  std::vector<uint8_t> pixels;
  for (int32_t y = 0; y < kSide; ++y)
    for (int32_t x = 0; x < kSide; ++x)
      for (int32_t c = 0; c < channels; ++c) {
        const bool eye = std::abs(y - 18) < 2 && std::abs(x % 16 - 8) < 3;
        const double skin =
            128 + 45 * std::sin(x / 4.0 + c) + 35 * std::cos(y / 3.0 + x / 9.0) + 12 * std::sin(2.1 * x * y);
        pixels.push_back(static_cast<uint8_t>(eye ? 40 : skin));
      }
  return pixels;
}

std::vector<uint8_t> corrupted(const std::string& name, int strength, uint64_t seed = 1, int32_t channels = 1) {
  const std::vector<uint8_t> in = drawing(channels);
  std::vector<uint8_t> out(in.size());
  corrupt(name, strength, seed, in, kSide, kSide, channels, out);
  return out;
}

double distance(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

TEST(Corrupt, EachKindGrowsWithItsStrength) {
  for (const std::string& name : corruption_names())
    for (const int32_t channels : {1, 3}) {
      double before = 0;
      for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
        double mean = 0;  // of several places and directions
        for (uint64_t seed = 0; seed < 8; ++seed)
          mean += distance(corrupted(name, strength, seed, channels), drawing(channels)) / 8;
        EXPECT_GT(mean, before + 0.3) << name << " " << strength;
        before = mean;
      }
    }
}

TEST(Corrupt, TheSameSeedGivesTheSamePicture) {
  for (const std::string& name : corruption_names()) EXPECT_EQ(corrupted(name, 3, 7), corrupted(name, 3, 7)) << name;
  EXPECT_NE(corrupted("gaussian_noise", 3, 7), corrupted("gaussian_noise", 3, 8));
}

TEST(Corrupt, LightStaysInRangeAndBlurKeepsTheMean) {
  const std::vector<uint8_t> white(kSide * kSide, 255);
  std::vector<uint8_t> out(white.size());
  corrupt("brighter", 5, 1, white, kSide, kSide, 1, out);
  EXPECT_EQ(out, white);
  for (const char* name : {"gaussian_blur", "defocus_blur", "motion_blur", "zoom_blur", "pixelate"}) {
    corrupt(name, 5, 1, white, kSide, kSide, 1, out);
    EXPECT_EQ(out, white) << name;
  }
}

TEST(Corrupt, AnUnknownKindIsRefused) {
  std::vector<uint8_t> out(kSide * kSide);
  EXPECT_THROW(corrupt("rain", 1, 1, drawing(1), kSide, kSide, 1, out), host::Error);
}

}  // namespace
}  // namespace dimple::data
