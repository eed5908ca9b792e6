#include "image/resize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace dimple::image {
namespace {

using Pixels = std::vector<uint8_t>;

Pixels resized(const Pixels& in, int width, int height, int channels, Box crop, int to_width, int to_height) {
  Pixels out(static_cast<size_t>(to_width) * to_height * channels, 7);
  const Status status =
      resize(packed(in.data(), width, height, channels), crop, packed(out.data(), to_width, to_height, channels));
  EXPECT_EQ(status, Status::ok);
  return out;
}

Pixels noise(int width, int height, int channels, uint32_t seed) {
  std::mt19937 random(seed);
  Pixels out(static_cast<size_t>(width) * height * channels);
  for (auto& p : out) p = static_cast<uint8_t>(random());
  return out;
}

// The same idea in floating point, pixel by pixel of the definition.
double reference(const Pixels& in, int width, int height, Box crop, int to_width, int to_height, int x, int y) {
  const auto weight = [](int origin, int length, int target, int i, int source) {
    if (length >= target) {
      const double begin = origin + double(i) * length / target, end = origin + double(i + 1) * length / target;
      return std::max(0.0, std::min(end, source + 1.0) - std::max(begin, double(source))) / (end - begin);
    }
    const double centre = origin + (i + 0.5) * length / target - 0.5;
    return std::max(0.0, 1 - std::abs(centre - source));
  };
  double sum = 0;
  for (int r = crop.y - 2; r < crop.y + crop.height + 2; ++r)
    for (int c = crop.x - 2; c < crop.x + crop.width + 2; ++c)
      sum += weight(crop.y, crop.height, to_height, y, r) * weight(crop.x, crop.width, to_width, x, c) *
             in[std::clamp(r, 0, height - 1) * width + std::clamp(c, 0, width - 1)];
  return sum;
}

TEST(Resize, KeepsAFlatPictureFlat) {
  for (const int value : {0, 1, 127, 254, 255})
    for (const int side : {1, 2, 7, 47, 48, 49, 333})
      for (const int to : {1, 3, 48, 61}) {
        const Pixels out = resized(Pixels(side * side * 3, value), side, side, 3, {0, 0, side, side}, to, to);
        for (const int p : out) ASSERT_EQ(p, value) << side << " to " << to;
      }
}

TEST(Resize, CopiesWhenTheSizeStays) {
  const Pixels in = noise(13, 9, 3, 1);
  EXPECT_EQ(resized(in, 13, 9, 3, {0, 0, 13, 9}, 13, 9), in);
}

TEST(Resize, CropsWhenOnlyTheBoxIsSmaller) {
  const Pixels in = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(resized(in, 3, 3, 1, {1, 1, 2, 2}, 2, 2), (Pixels{5, 6, 8, 9}));
}

TEST(Resize, AveragesWholeBlocksExactly) {
  const Pixels in = {0, 2, 10, 20, 4, 6, 30, 41};
  EXPECT_EQ(resized(in, 4, 2, 1, {0, 0, 4, 2}, 2, 1), (Pixels{3, 25}));  // 12 / 4 and 101 / 4
}

TEST(Resize, SplitsAPixelBetweenTwoNeighbours) {
  // Three pixels to two: each output is one and a half source pixels.
  EXPECT_EQ(resized({30, 60, 90}, 3, 1, 1, {0, 0, 3, 1}, 2, 1), (Pixels{40, 80}));
}

TEST(Resize, RoundsHalvesUpwards) { EXPECT_EQ(resized({0, 1}, 2, 1, 1, {0, 0, 2, 1}, 1, 1), Pixels{1}); }

TEST(Resize, InterpolatesWhenItGrows) {
  EXPECT_EQ(resized({0, 100}, 2, 1, 1, {0, 0, 2, 1}, 4, 1), (Pixels{0, 25, 75, 100}));
}

TEST(Resize, SpreadsOnePixelOverAnySize) {
  for (const int p : resized({9}, 1, 1, 1, {0, 0, 1, 1}, 48, 48)) EXPECT_EQ(p, 9);
  for (const int p : resized({9}, 1, 1, 1, {-50, 20, 300, 70}, 48, 48)) EXPECT_EQ(p, 9);
}

TEST(Resize, KeepsTheMeanWhenItShrinks) {
  const Pixels in = noise(480, 240, 1, 2);
  const Pixels out = resized(in, 480, 240, 1, {0, 0, 480, 240}, 50, 36);
  const auto mean = [](const Pixels& v) {
    double sum = 0;
    for (const int p : v) sum += p;
    return sum / v.size();
  };
  EXPECT_NEAR(mean(in), mean(out), 0.05);
}

TEST(Resize, AgreesWithFloatingPointEverywhere) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    const int width = 1 + random() % 23, height = 1 + random() % 23;
    const Box crop{int(random() % 40) - 20, int(random() % 40) - 20, 1 + int(random() % 40), 1 + int(random() % 40)};
    const int to_width = 1 + random() % 20, to_height = 1 + random() % 20;
    const Pixels in = noise(width, height, 1, round);
    const Pixels out = resized(in, width, height, 1, crop, to_width, to_height);
    for (int y = 0; y < to_height; ++y)
      for (int x = 0; x < to_width; ++x)
        ASSERT_NEAR(out[y * to_width + x], reference(in, width, height, crop, to_width, to_height, x, y), 0.5001)
            << "round " << round << " at " << x << "," << y;
  }
}

TEST(Resize, RepeatsTheBorderOutsideOfThePicture) {
  const Pixels in = {10, 20, 30, 40};
  EXPECT_EQ(resized(in, 2, 2, 1, {-100, -100, 50, 50}, 1, 1), Pixels{10});
  EXPECT_EQ(resized(in, 2, 2, 1, {100, 100, 50, 50}, 1, 1), Pixels{40});
  EXPECT_EQ(resized(in, 2, 2, 1, {-1, 0, 4, 2}, 4, 2), (Pixels{10, 10, 20, 20, 30, 30, 40, 40}));
}

TEST(Resize, TreatsEachChannelAlone) {
  const Pixels grey = noise(31, 17, 1, 5);
  Pixels colour;
  for (const int p : grey) colour.insert(colour.end(), {uint8_t(p), uint8_t(255 - p), 77});
  const Pixels a = resized(grey, 31, 17, 1, {3, -2, 20, 30}, 11, 12);
  const Pixels b = resized(colour, 31, 17, 3, {3, -2, 20, 30}, 11, 12);
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(b[3 * i], a[i]);
    ASSERT_EQ(b[3 * i + 2], 77);
  }
}

TEST(Resize, DoesNotOverflowOnTheLargestBox) {
  const Pixels white(6, 255);
  for (const int p : resized(white, 3, 2, 1, {-(1 << 26), -(1 << 26), 1 << 26, 1 << 26}, 5, 5)) EXPECT_EQ(p, 255);
  for (const int p : resized(white, 3, 2, 1, {-(1 << 25), -(1 << 25), 1 << 26, 1 << 26}, 3, 3)) EXPECT_EQ(p, 255);
  const Pixels line(kMaxSide, 255);
  EXPECT_EQ(resized(line, kMaxSide, 1, 1, {0, 0, kMaxSide, 1}, 1, 1), Pixels{255});
}

TEST(Resize, ReadsPicturesWithPaddedRows) {
  const Pixels in = {1, 2, 99, 3, 4, 99};
  Pixels out(4);
  ASSERT_EQ(resize({in.data(), 2, 2, 1, 3}, {0, 0, 2, 2}, packed(out.data(), 2, 2, 1)), Status::ok);
  EXPECT_EQ(out, (Pixels{1, 2, 3, 4}));
}

TEST(Resize, RefusesWhatMakesNoSense) {
  Pixels p(16, 0);
  const View in = packed(static_cast<const uint8_t*>(p.data()), 2, 2, 1);
  const MutableView out = packed(p.data(), 2, 2, 1);
  EXPECT_EQ(resize(in, {0, 0, 0, 2}, out), Status::bad_argument);
  EXPECT_EQ(resize(in, {0, 0, 2, -1}, out), Status::bad_argument);
  EXPECT_EQ(resize(in, {INT32_MIN, 0, 2, 2}, out), Status::bad_argument);
  EXPECT_EQ(resize(in, {0, 0, INT32_MAX, 2}, out), Status::bad_argument);
  EXPECT_EQ(resize(in, {0, 0, 2, 2}, packed(p.data(), 2, 2, 3)), Status::bad_argument);
  EXPECT_EQ(resize({nullptr, 2, 2, 1, 2}, {0, 0, 2, 2}, out), Status::bad_argument);
  EXPECT_EQ(resize({p.data(), 2, 2, 1, 1}, {0, 0, 2, 2}, out), Status::bad_argument);
}

}  // namespace
}  // namespace dimple::image
