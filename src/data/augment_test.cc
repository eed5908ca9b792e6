#include "data/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "host/random.h"

namespace dimple::data {
namespace {

AugmentConfig nothing() {
  AugmentConfig config;
  AugmentConfig::visit(config, [](const char*, float& field, const char*) { field = 0; });
  return config;
}

std::vector<uint8_t> noise_picture(size_t bytes) {
  std::vector<uint8_t> picture(bytes);
  host::Random random(7);
  for (auto& p : picture) p = static_cast<uint8_t>(random.below(256));
  return picture;
}

std::vector<uint8_t> augmented(const AugmentConfig& config, uint64_t seed, const std::vector<uint8_t>& in,
                               int32_t width = 48, int32_t channels = 1) {
  std::vector<uint8_t> out(in.size());
  augment(config, seed, in, width, static_cast<int32_t>(in.size()) / width / channels, channels, out);
  return out;
}

double mean(const std::vector<uint8_t>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

TEST(Augment, SwitchedOffCopies) {
  const auto in = noise_picture(48 * 48);
  EXPECT_EQ(augmented(nothing(), 1, in), in);
}

TEST(Augment, DependsOnTheSeedAlone) {
  const auto in = noise_picture(48 * 48);
  EXPECT_EQ(augmented({}, 3, in), augmented({}, 3, in));
  EXPECT_NE(augmented({}, 3, in), augmented({}, 4, in));
  EXPECT_NE(host::seed_for(1, 2, 3), host::seed_for(1, 3, 2));
}

TEST(Augment, MirrorSwapsLeftAndRightExactly) {
  AugmentConfig config = nothing();
  config.mirror_probability = 1;
  const auto in = noise_picture(48 * 48);
  auto mirrored = in;
  for (size_t y = 0; y < 48; ++y)
    std::reverse(mirrored.begin() + static_cast<long>(y * 48), mirrored.begin() + static_cast<long>(y * 48 + 48));
  EXPECT_EQ(augmented(config, 5, in), mirrored);
}

TEST(Augment, MirrorsAsOftenAsItSays) {
  AugmentConfig config = nothing();
  config.mirror_probability = 0.25f;
  const auto in = noise_picture(48 * 48);
  int mirrored = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) mirrored += augmented(config, seed, in) != in;
  EXPECT_NEAR(mirrored, 500, 80);
}

TEST(Augment, MovingKeepsAFlatPictureFlat) {
  AugmentConfig config = nothing();
  config.move_probability = 1, config.shift = 0.3f, config.rotation = 45, config.scale = 0.4f;
  const std::vector<uint8_t> in(48 * 48, 93);
  for (uint64_t seed = 0; seed < 50; ++seed) EXPECT_EQ(augmented(config, seed, in), in);
}

TEST(Augment, ADotStaysWithinItsShift) {
  AugmentConfig config = nothing();
  config.move_probability = 1, config.shift = 0.1f;
  std::vector<uint8_t> in(48 * 48, 0);
  in[24 * 48 + 24] = 255;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const auto out = augmented(config, seed, in);
    const auto at = std::max_element(out.begin(), out.end()) - out.begin();
    EXPECT_LE(std::abs(static_cast<int>(at % 48) - 24), 6);
    EXPECT_LE(std::abs(static_cast<int>(at / 48) - 24), 6);
  }
}

TEST(Augment, RotationTurnsAboutTheMiddle) {
  AugmentConfig config = nothing();
  config.move_probability = 1, config.rotation = 30;
  std::vector<uint8_t> in(49 * 49, 0);
  in[24 * 49 + 24] = 255;
  for (uint64_t seed = 0; seed < 20; ++seed) EXPECT_GT(augmented(config, seed, in, 49)[24 * 49 + 24], 250);
}

TEST(Augment, LightKeepsTheOrderOfGreys) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.gain = 0.3f, config.brightness = 30, config.curve = 0.9f;
  std::vector<uint8_t> in(256);
  std::iota(in.begin(), in.end(), 0);
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const auto out = augmented(config, seed, in, 16);
    EXPECT_TRUE(std::is_sorted(out.begin(), out.end())) << seed;
  }
}

TEST(Augment, GradientIsBrightOnOneSideAndKeepsTheMiddle) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.gradient = 0.5f;
  const std::vector<uint8_t> in(48 * 48, 100);
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto out = augmented(config, seed, in);
    EXPECT_NEAR(out[24 * 48 + 24], 100, 3);
    EXPECT_NEAR(mean(out), 100, 3);
  }
}

TEST(Augment, BlurKeepsTheMeanAndTakesContrastAway) {
  AugmentConfig config = nothing();
  config.blur_probability = 1, config.blur = 1.0f / 3;
  const auto in = noise_picture(48 * 48);
  const auto roughness = [](const std::vector<uint8_t>& v) {
    int64_t sum = 0;
    for (size_t i = 1; i < v.size(); ++i) sum += std::abs(v[i] - v[i - 1]);
    return sum;
  };
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto out = augmented(config, seed, in);
    EXPECT_NEAR(mean(out), mean(in), 1);
    EXPECT_LE(roughness(out), roughness(in));
  }
}

TEST(Augment, NoiseHasTheDeviationItWasGiven) {
  AugmentConfig config = nothing();
  config.noise_probability = 1, config.noise = 20;
  const std::vector<uint8_t> in(48 * 48, 128);
  double worst = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const auto out = augmented(config, seed, in);
    double squares = 0;
    for (const uint8_t p : out) squares += (p - 128.0) * (p - 128.0);
    worst = std::max(worst, std::sqrt(squares / static_cast<double>(out.size())));
    EXPECT_NEAR(mean(out), 128, 2);
  }
  EXPECT_NEAR(worst, 20, 1.5);
}

TEST(Augment, OcclusionCoversARectangleNoLargerThanAllowed) {
  AugmentConfig config = nothing();
  config.occlusion_probability = 1, config.occlusion = 0.5f;
  const auto in = noise_picture(48 * 48);
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto out = augmented(config, seed, in);
    int changed = 0;
    for (size_t i = 0; i < in.size(); ++i) changed += in[i] != out[i];
    EXPECT_LE(changed, 24 * 24);
  }
}

TEST(Augment, WorksOnColourAndOddSizes) {
  const AugmentConfig config{.occlusion_probability = 1, .occlusion = 1, .blur_probability = 1, .noise_probability = 1};
  for (const int32_t width : {1, 2, 7, 33})
    for (const int32_t channels : {1, 3})
      for (uint64_t seed = 0; seed < 20; ++seed) {
        const auto in = noise_picture(static_cast<size_t>(width * 5 * channels));
        EXPECT_EQ(augmented(config, seed, in, width, channels).size(), in.size());
      }
}

}  // namespace
}  // namespace dimple::data
