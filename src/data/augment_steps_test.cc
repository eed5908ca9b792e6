// The steps that came from the office: each does what it says, stays in range, and leaves the others' draws alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "data/augment.h"
#include "host/error.h"
#include "host/random.h"
#include "media/drawn_face.h"

namespace dimple::data {
namespace {

using Bytes = std::vector<uint8_t>;

AugmentConfig only(float AugmentConfig::*probability) {
  AugmentConfig config = without_steps({});
  if (probability) config.*probability = 1;
  return config;
}

Bytes after_steps(const AugmentConfig& config, uint64_t seed, const Bytes& in, int32_t width = 48,
                  int32_t channels = 1) {
  Bytes out(in.size());
  augment(config, seed, in, width, static_cast<int32_t>(in.size()) / width / channels, channels, out);
  return out;
}

Bytes face(int channels = 1) { return media::draw_face({.size = 48, .channels = channels}).pixels; }
Bytes ramp() {
  Bytes greys(256);
  std::iota(greys.begin(), greys.end(), 0);
  return greys;
}
double mean_byte(const Bytes& v) { return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size()); }
double deviation(const Bytes& v, double from) {
  double squares = 0;
  for (const uint8_t p : v) squares += (p - from) * (p - from);
  return std::sqrt(squares / static_cast<double>(v.size()));
}

float AugmentConfig::*const kSteps[] = {&AugmentConfig::back_light_probability, &AugmentConfig::crush_probability,
                                        &AugmentConfig::range_probability,      &AugmentConfig::sensor_probability,
                                        &AugmentConfig::jpeg_probability,       &AugmentConfig::cutout_probability};

TEST(AugmentSteps, TheSameSeedGivesTheSameBitsAndAnotherSeedOthers) {
  for (const auto step : kSteps)
    for (const int channels : {1, 3}) {
      const Bytes in = face(channels);
      EXPECT_EQ(after_steps(only(step), 5, in, 48, channels), after_steps(only(step), 5, in, 48, channels));
      EXPECT_NE(after_steps(only(step), 5, in, 48, channels), after_steps(only(step), 6, in, 48, channels));
      EXPECT_NE(after_steps(only(step), 5, in, 48, channels), in);
    }
}

TEST(AugmentSteps, ProbabilityZeroIsTheIdentity) { EXPECT_EQ(after_steps(only(nullptr), 5, face()), face()); }

TEST(AugmentSteps, EachHappensAsOftenAsItSays) {
  for (const auto step : kSteps) {
    AugmentConfig config = only(nullptr);
    config.*step = 0.3f;
    const Bytes in = face();
    int happened = 0;
    for (uint64_t seed = 0; seed < 400; ++seed) happened += after_steps(config, seed, in) != in;
    EXPECT_NEAR(happened, 120, 40);
  }
}

// Turning one on must not change what the others draw: recordings of older trainings stay comparable.
TEST(AugmentSteps, AStepThatIsOnButDoesNotHappenChangesNothing) {
  AugmentConfig rarely;
  for (const auto step : kSteps) rarely.*step = 1e-9f;
  for (uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_EQ(after_steps(rarely, seed, face()), after_steps({}, seed, face()));
}

TEST(AugmentSteps, OddSizesAreFine) {
  AugmentConfig all;
  for (const auto step : kSteps) all.*step = 1;
  for (const int32_t width : {1, 2, 7, 33})
    for (const int32_t channels : {1, 3})
      for (uint64_t seed = 0; seed < 10; ++seed)
        EXPECT_EQ(after_steps(all, seed, Bytes(static_cast<size_t>(width * 5 * channels), 77), width, channels).size(),
                  static_cast<size_t>(width * 5 * channels));
}

TEST(BackLight, DarkensTheFaceAndBrightensABackgroundSide) {
  const Bytes in(48 * 48, 120);
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Bytes out = after_steps(only(&AugmentConfig::back_light_probability), seed, in);
    EXPECT_LT(out[24 * 48 + 24], 110) << seed;
    EXPECT_GT(*std::ranges::max_element(out), 120) << seed;
    const uint8_t corners[] = {out[0], out[47], out[47 * 48], out[47 * 48 + 47]};
    EXPECT_GT(*std::ranges::max_element(corners), *std::ranges::min_element(corners) + 30) << seed;
  }
}

TEST(Crush, TurnsShadowsBlackAndKeepsWhiteAndOrder) {
  AugmentConfig config = only(&AugmentConfig::crush_probability);
  config.crush = 0.4f;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Bytes out = after_steps(config, seed, ramp(), 16);
    EXPECT_TRUE(std::ranges::is_sorted(out));
    EXPECT_EQ(out[255], 255);
    const auto black = std::ranges::count(out, 0);
    EXPECT_GE(black, 30);
    EXPECT_LE(black, 104);
  }
}

TEST(Range, ClipsAtBothEndsTogetherByAtMostItsPart) {
  AugmentConfig config = only(&AugmentConfig::range_probability);
  config.range = 0.5f;
  int both = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Bytes out = after_steps(config, seed, ramp(), 16);
    EXPECT_TRUE(std::ranges::is_sorted(out));
    const auto black = std::ranges::count(out, 0), white = std::ranges::count(out, 255);
    EXPECT_GE(black + white, 38);
    EXPECT_LE(black + white, 128 + 8 + 8);
    both += black > 8 && white > 8;
  }
  EXPECT_GT(both, 10);
}

TEST(Sensor, IsNoisierInDarkScenesAndInBrightPixels) {
  const auto noise_of = [](uint8_t pixel, uint8_t surround) {
    Bytes in(48 * 48, surround);
    std::fill_n(in.begin(), 480, pixel);
    double sum = 0;
    for (uint64_t seed = 0; seed < 100; ++seed) {
      Bytes out = after_steps(only(&AugmentConfig::sensor_probability), seed, in);
      out.resize(480);
      sum += deviation(out, mean_byte(out));
    }
    return sum / 100;
  };
  const double middle = noise_of(128, 128);
  EXPECT_NEAR(middle, 12 / 2.0, 0.8);                      // strengths are drawn evenly from 0 to 12
  EXPECT_GT(noise_of(100, 40), 1.5 * middle);              // the same grey in a dark scene
  EXPECT_GT(noise_of(220, 128), 1.1 * noise_of(60, 128));  // more light counts with more noise of its own
}

TEST(Sensor, KeepsTheMean) {
  for (uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_NEAR(mean_byte(after_steps(only(&AugmentConfig::sensor_probability), seed, Bytes(48 * 48, 128))), 128, 2);
}

TEST(Jpeg, StaysNearThePictureAndIsWorseAtLowQuality) {
  AugmentConfig coarse = only(&AugmentConfig::jpeg_probability), fine = coarse;
  coarse.jpeg = 5, fine.jpeg = 94;
  const auto error = [&](const AugmentConfig& config) {
    double sum = 0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const Bytes in = face(), out = after_steps(config, seed, in);
      for (size_t i = 0; i < in.size(); ++i) sum += std::abs(in[i] - out[i]);
    }
    return sum / (20 * 48 * 48);
  };
  EXPECT_LT(error(fine), 2);
  EXPECT_GT(error(coarse), 1.5 * error(fine));
  EXPECT_LT(error(coarse), 20);
}

TEST(Cutout, BlanksOneSquareNoLargerThanItsSide) {
  const Bytes in = face();
  AugmentConfig config = only(&AugmentConfig::cutout_probability);
  config.cutout = 0.5f;
  size_t largest = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Bytes out = after_steps(config, seed, in);
    size_t left = 48, right = 0, top = 48, bottom = 0;
    for (size_t i = 0; i < in.size(); ++i)
      if (in[i] != out[i]) {
        left = std::min(left, i % 48), right = std::max(right, i % 48);
        top = std::min(top, i / 48), bottom = std::max(bottom, i / 48);
        EXPECT_EQ(out[i], static_cast<uint8_t>(mean_byte(in)));
      }
    EXPECT_LE(right - left + 1, 24u);
    EXPECT_LE(bottom - top + 1, 24u);
    largest = std::max(largest, (right - left + 1) * (bottom - top + 1));
  }
  EXPECT_GE(largest, 22u * 22u);
}

TEST(AugmentCheck, RefusesWhatCannotBe) {
  EXPECT_NO_THROW(check(AugmentConfig{}));
  EXPECT_THROW(check({.mirror_probability = 1.5f}), host::Error);
  EXPECT_THROW(check({.crush = 1}), host::Error);
  EXPECT_THROW(check({.noise = -1}), host::Error);
  EXPECT_THROW(check({.jpeg = 0}), host::Error);
  EXPECT_THROW(check({.cutout = std::nanf("")}), host::Error);
}

}  // namespace
}  // namespace dimple::data
