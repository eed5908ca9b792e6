#include "image/preprocess.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "image/resize.h"

namespace dimple::image {
namespace {

std::vector<uint8_t> random_bytes(size_t count) {
  std::mt19937 random(11);
  std::vector<uint8_t> out(count);
  for (auto& p : out) p = static_cast<uint8_t>(random());
  return out;
}

std::vector<int8_t> codes_of(const Preprocess& how, View picture, Box face) {
  std::vector<uint8_t> scratch(scratch_bytes(how, picture.channels));
  std::vector<int8_t> out(how.pixels());
  EXPECT_EQ(preprocess(how, picture, face, {scratch.data(), scratch.size()}, {out.data(), out.size()}), Status::ok);
  return out;
}

TEST(Preprocess, LeavesATrainingPictureAsItIs) {
  const auto face = random_bytes(48 * 48);
  const auto codes = codes_of({}, packed(face.data(), 48, 48, 1), {0, 0, 48, 48});
  for (size_t i = 0; i < face.size(); ++i) ASSERT_EQ(codes[i], face[i] - 128);
}

TEST(Preprocess, GivesTheSameCodesForAGreyPictureStoredAsRgb) {
  const auto grey = random_bytes(60 * 50);
  std::vector<uint8_t> colour;
  for (const uint8_t p : grey) colour.insert(colour.end(), {p, p, p});
  const Preprocess how{.margin_permille = 300, .shift_permille = -40, .normalise = Normalise::standardise};
  EXPECT_EQ(codes_of(how, packed(grey.data(), 60, 50, 1), {-5, 10, 44, 40}),
            codes_of(how, packed(colour.data(), 60, 50, 3), {-5, 10, 44, 40}));
}

TEST(Preprocess, RepeatsGreyForANetworkThatWantsColour) {
  const auto grey = random_bytes(48 * 48);
  Preprocess how;
  const auto one = codes_of(how, packed(grey.data(), 48, 48, 1), {0, 0, 48, 48});
  how.channels = 3;
  const auto three = codes_of(how, packed(grey.data(), 48, 48, 1), {0, 0, 48, 48});
  for (size_t i = 0; i < one.size(); ++i)
    for (size_t c = 0; c < 3; ++c) ASSERT_EQ(three[3 * i + c], one[i]);
}

TEST(Preprocess, ShowsWhatTheNetworkWillSee) {
  const auto picture = random_bytes(100 * 80);
  const Preprocess how{.width = 32, .height = 24, .margin_permille = 100, .shift_permille = 50};
  std::vector<uint8_t> scratch(scratch_bytes(how, 1)), seen(how.pixels()), expected(how.pixels());
  const View view = packed(picture.data(), 100, 80, 1);
  ASSERT_EQ(crop_face(how, view, {40, 30, 20, 20}, {scratch.data(), scratch.size()}, {seen.data(), seen.size()}),
            Status::ok);
  ASSERT_EQ(resize(view, crop_box(how.crop(), {40, 30, 20, 20}), packed(expected.data(), 32, 24, 1)), Status::ok);
  EXPECT_EQ(seen, expected);
}

// A drift of a single rounding anywhere in the chain shows here; the numbers hold for every machine.
TEST(Preprocess, GivesTheseBitsEverywhere) {
  std::vector<uint8_t> picture(97 * 83 * 3);
  uint32_t state = 1;
  for (auto& p : picture) p = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  const Preprocess how{.margin_permille = 137, .shift_permille = 61, .normalise = Normalise::standardise};
  uint32_t hash = 2166136261;
  for (const int8_t code : codes_of(how, packed(picture.data(), 97, 83, 3), {20, 15, 51, 60}))
    hash = (hash ^ static_cast<uint8_t>(code)) * 16777619;
  EXPECT_EQ(hash, 3771912056u);
}

TEST(Preprocess, RefusesSmallBuffersAndEmptyFaces) {
  const auto picture = random_bytes(48 * 48 * 3);
  const View view = packed(picture.data(), 48, 48, 3);
  const Preprocess how;
  std::vector<uint8_t> scratch(scratch_bytes(how, 3));
  std::vector<int8_t> out(how.pixels());
  const auto run = [&](const Preprocess& p, Box face, size_t scratch_size, size_t out_size) {
    return preprocess(p, view, face, {scratch.data(), scratch_size}, {out.data(), out_size});
  };
  EXPECT_EQ(run(how, {0, 0, 48, 48}, scratch.size(), out.size()), Status::ok);
  EXPECT_EQ(run(how, {0, 0, 48, 48}, scratch.size() - 1, out.size()), Status::bad_argument);
  EXPECT_EQ(run(how, {0, 0, 48, 48}, scratch.size(), out.size() - 1), Status::bad_argument);
  EXPECT_EQ(run(how, {0, 0, 0, 48}, scratch.size(), out.size()), Status::bad_argument);
  Preprocess hostile;
  hostile.width = INT32_MAX;
  EXPECT_EQ(run(hostile, {0, 0, 48, 48}, scratch.size(), out.size()), Status::bad_argument);
}

}  // namespace
}  // namespace dimple::image
