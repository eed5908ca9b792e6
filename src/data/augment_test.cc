#include "data/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
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

// A square of white on black, `width` x `width`, from (left, top).
std::vector<uint8_t> white_square(size_t width, size_t side, size_t left, size_t top) {
  std::vector<uint8_t> picture(width * width, 0);
  for (size_t y = top; y < top + side; ++y)
    for (size_t x = left; x < left + side; ++x) picture[y * width + x] = 255;
  return picture;
}

// Where the light is, on average.
struct Point {
  double x = 0, y = 0;
};
Point middle(const std::vector<uint8_t>& picture, size_t width) {
  Point sum;
  double all = 0;
  for (size_t i = 0; i < picture.size(); ++i) {
    sum.x += static_cast<double>(i % width) * picture[i], sum.y += static_cast<double>(i / width) * picture[i];
    all += picture[i];
  }
  return {sum.x / all, sum.y / all};
}

// Never beyond `low` and `high`, and among so many not far from either: a step that does nothing fails here.
void expect_spans(const std::vector<double>& drawn, double low, double high, double rounding) {
  const double near = 0.1 * (high - low), least = *std::min_element(drawn.begin(), drawn.end()),
               most = *std::max_element(drawn.begin(), drawn.end());
  EXPECT_GE(least, low - rounding);
  EXPECT_LE(least, low + near);
  EXPECT_LE(most, high + rounding);
  EXPECT_GE(most, high - near);
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

TEST(Augment, EachStepHappensAsOftenAsItSays) {
  for (const auto step :
       {&AugmentConfig::move_probability, &AugmentConfig::light_probability, &AugmentConfig::occlusion_probability,
        &AugmentConfig::blur_probability, &AugmentConfig::noise_probability}) {
    AugmentConfig config = without_steps({});
    config.*step = 0.3f;
    const auto in = noise_picture(48 * 48);
    int happened = 0;
    for (uint64_t seed = 0; seed < 400; ++seed) happened += augmented(config, seed, in) != in;
    EXPECT_NEAR(happened, 120, 40);
  }
}

TEST(Augment, ADotIsShiftedByUpToItsShift) {
  AugmentConfig config = nothing();
  config.move_probability = 1, config.shift = 0.1f;
  const auto in = white_square(48, 1, 24, 24);
  std::vector<double> dx, dy;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Point at = middle(augmented(config, seed, in), 48);
    dx.push_back(at.x - 24), dy.push_back(at.y - 24);
  }
  expect_spans(dx, -4.8, 4.8, 0.1);
  expect_spans(dy, -4.8, 4.8, 0.1);
}

TEST(Augment, RotationTurnsAboutTheMiddleByUpToItsAngle) {
  AugmentConfig config = nothing();
  config.move_probability = 1, config.rotation = 30;
  const auto in = white_square(49, 3, 39, 23);  // to the right of the middle by 16
  std::vector<double> degrees;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Point at = middle(augmented(config, seed, in, 49), 49);
    EXPECT_NEAR(std::hypot(at.x - 24, at.y - 24), 16, 0.2) << seed;
    degrees.push_back(std::atan2(at.y - 24, at.x - 24) * 57.29578);
  }
  expect_spans(degrees, -30, 30, 0.5);
}

TEST(Augment, ScaleChangesTheSizeByUpToItsPartAndKeepsTheMiddle) {
  AugmentConfig config = nothing();
  config.move_probability = 1, config.scale = 0.25f;
  const auto in = white_square(48, 24, 12, 12);
  std::vector<double> sizes;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const auto out = augmented(config, seed, in);
    const Point at = middle(out, 48);
    EXPECT_NEAR(at.x, 23.5, 0.1) << seed;
    EXPECT_NEAR(at.y, 23.5, 0.1) << seed;
    sizes.push_back(std::sqrt(mean(out) / mean(in)));
  }
  expect_spans(sizes, 0.75, 1.25, 0.02);
}

TEST(Augment, LightKeepsTheOrderOfGreys) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.gain = 0.3f, config.brightness = 30, config.curve = 0.9f;
  std::vector<uint8_t> in(256);
  std::iota(in.begin(), in.end(), 0);
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const auto out = augmented(config, seed, in, 16);
    EXPECT_TRUE(std::is_sorted(out.begin(), out.end())) << seed;
    EXPECT_NE(out, in) << seed;
  }
}

TEST(Augment, GainChangesContrastAroundTheMiddleGrey) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.gain = 0.3f;
  std::vector<uint8_t> in(48 * 48, 78);
  std::fill(in.begin() + 24 * 48, in.end(), uint8_t{177});
  std::vector<double> contrast;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const auto out = augmented(config, seed, in);
    EXPECT_NEAR(out.front() + out.back(), 255, 1) << seed;
    contrast.push_back((out.back() - out.front()) / 99.0);
  }
  expect_spans(contrast, 0.7, 1.3, 0.015);
}

TEST(Augment, BrightnessAddsUpToItsGreyLevels) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.brightness = 30;
  const std::vector<uint8_t> in(48 * 48, 128);
  std::vector<double> added;
  for (uint64_t seed = 0; seed < 100; ++seed) added.push_back(mean(augmented(config, seed, in)) - 128);
  expect_spans(added, -30, 30, 0.5);
}

TEST(Augment, TheCurveBendsMiddleGreysAndKeepsBlackAndWhite) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.curve = 0.4f;
  std::vector<uint8_t> in(256);
  std::iota(in.begin(), in.end(), uint8_t{0});
  std::vector<double> bent;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const auto out = augmented(config, seed, in, 16);
    EXPECT_EQ(out[0], 0) << seed;
    EXPECT_EQ(out[255], 255) << seed;
    bent.push_back(out[128] - 128.0);
  }
  expect_spans(bent, -25.5, 25.5, 1);  // curve * v * (1 - v) of 255, in the middle
}

TEST(Augment, ColourChangesEachChannelByItself) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.colour = 0.2f;
  const std::vector<uint8_t> in(48 * 48 * 3, 200), grey(48 * 48, 200);
  std::vector<double> drawn[3], apart;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const auto out = augmented(config, seed, in, 48, 3);
    for (size_t c = 0; c < 3; ++c) drawn[c].push_back(out[c]);
    for (size_t i = 3; i < out.size(); ++i) ASSERT_EQ(out[i], out[i % 3]) << seed;
    apart.push_back(std::max({out[0], out[1], out[2]}) - std::min({out[0], out[1], out[2]}));
    EXPECT_EQ(augmented(config, seed, grey), grey) << seed;
  }
  for (const auto& channel : drawn) expect_spans(channel, 185.5, 214.5, 0.5);  // 200 is 72.5 above the middle grey
  EXPECT_GT(*std::max_element(apart.begin(), apart.end()), 20);
}

TEST(Augment, GradientIsBrightOnOneSideAndKeepsTheMiddle) {
  AugmentConfig config = nothing();
  config.light_probability = 1, config.gradient = 0.5f;
  const std::vector<uint8_t> in(48 * 48, 100);
  int strongest = 0;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto out = augmented(config, seed, in);
    EXPECT_NEAR(out[24 * 48 + 24], 100, 3);
    EXPECT_NEAR(mean(out), 100, 3);
    const int corners[] = {out[0], out[47], out[47 * 48], out[47 * 48 + 47]};
    EXPECT_NEAR(corners[0] + corners[3], 200, 5) << seed;  // as much brighter here as darker there
    EXPECT_NEAR(corners[1] + corners[2], 200, 5) << seed;
    const auto row = out.begin() + 24 * 48;
    EXPECT_TRUE(std::is_sorted(row, row + 48) || std::is_sorted(row, row + 48, std::greater<>())) << seed;
    strongest = std::max(strongest, std::ranges::max(corners) - std::ranges::min(corners));
  }
  EXPECT_GT(strongest, 100);  // from 1 - gradient to 1 + gradient along a side
  EXPECT_LE(strongest, 142);  // and along the diagonal
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
  int64_t smoothest = roughness(in);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto out = augmented(config, seed, in);
    EXPECT_NEAR(mean(out), mean(in), 1);
    EXPECT_LE(roughness(out), roughness(in));
    smoothest = std::min(smoothest, roughness(out));
  }
  EXPECT_LT(smoothest, roughness(in) / 3);  // the mean of nine leaves a fifth of it
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
  int largest = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto out = augmented(config, seed, in);
    int left = 48, right = -1, top = 48, bottom = -1;
    for (int i = 0; i < 48 * 48; ++i)
      if (in[static_cast<size_t>(i)] != out[static_cast<size_t>(i)]) {
        left = std::min(left, i % 48), right = std::max(right, i % 48);
        top = std::min(top, i / 48), bottom = std::max(bottom, i / 48);
      }
    EXPECT_LE(right - left + 1, 24) << seed;
    EXPECT_LE(bottom - top + 1, 24) << seed;
    for (int y = top; y <= bottom; ++y)  // of one grey, no hole in it
      for (int x = left; x <= right; ++x)
        ASSERT_EQ(out[static_cast<size_t>(y * 48 + x)], out[static_cast<size_t>(top * 48 + left)]) << seed;
    largest = std::max(largest, (right - left + 1) * (bottom - top + 1));
  }
  EXPECT_GE(largest, 300);
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
