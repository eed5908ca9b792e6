#include "media/draw.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dimple::media {
namespace {

constexpr Colour kWhite{255, 255, 255};

int ink(const Picture& p) {
  return int(std::count_if(p.pixels.begin(), p.pixels.end(), [](uint8_t v) { return v > 127; }));
}

TEST(FillRounded, CoversItsAreaAndNothingElse) {
  Picture p(40, 40, 1);
  fill_rounded(p, {10, 10, 20, 20}, 0, kWhite);
  EXPECT_EQ(ink(p), 400);
  EXPECT_EQ(*p.at(10, 10), 255);
  EXPECT_EQ(*p.at(9, 10), 0);
}

TEST(FillRounded, RoundsTheCornersSmoothly) {
  Picture p(40, 40, 1);
  fill_rounded(p, {10, 10, 20, 20}, 10, kWhite);
  EXPECT_EQ(*p.at(10, 10), 0);
  EXPECT_NEAR(ink(p), 314, 8);  // a disc
  EXPECT_TRUE(std::any_of(p.pixels.begin(), p.pixels.end(), [](uint8_t v) { return v > 20 && v < 235; }));
}

TEST(FillRounded, LetsThePictureShineThrough) {
  Picture p(4, 4, 3, 100);
  fill_rounded(p, {-5, -5, 20, 20}, 0, {200, 100, 0, 0.5f});
  EXPECT_EQ(p.at(2, 2)[0], 150);
  EXPECT_EQ(p.at(2, 2)[1], 100);
  EXPECT_EQ(p.at(2, 2)[2], 50);
}

TEST(OutlineRounded, LeavesTheInsideAlone) {
  Picture p(40, 40, 1);
  outline_rounded(p, {10, 10, 20, 20}, 4, 2, kWhite);
  EXPECT_EQ(*p.at(20, 20), 0);
  EXPECT_EQ(*p.at(20, 10), 255);
}

TEST(Draw, MayLeaveThePictureAnywhere) {
  Picture p(10, 10, 3);
  for (const float far : {-1e9f, -5.0f, 5.0f, 1e9f}) {
    fill_rounded(p, {far, far, 1e6f, 1e6f}, 3, kWhite);
    outline_rounded(p, {far, -far, 50, 50}, 3, 5, kWhite);
    draw_text(p, {far, far}, "far away", {});
  }
  hide_box(p, {-100, -100, 1000, 1000});
  hide_box(p, {100, 100, 5, 5});
}

TEST(Text, EveryPrintableCharacterHasAShapeOfItsOwn) {
  std::vector<std::vector<uint8_t>> seen;
  for (char c = 33; c < 127; ++c) {
    Picture p(60, 60, 1);
    draw_text(p, {10, 40}, std::string(1, c), {.height = 28});
    EXPECT_GT(ink(p), 5) << c;
    EXPECT_EQ(std::find(seen.begin(), seen.end(), p.pixels), seen.end()) << c;
    seen.push_back(p.pixels);
  }
}

TEST(Text, StaysWithinTheWidthItAnnounces) {
  const TextStyle style{.height = 20};
  Picture p(400, 60, 1);
  draw_text(p, {10, 40}, "surprise 93% (unsure)", style);
  const float width = text_width("surprise 93% (unsure)", style);
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x)
      if (*p.at(x, y) > 127) {
        ASSERT_GE(x, 7);
        ASSERT_LE(x, 10 + width + 3);
      }
  EXPECT_EQ(text_width("", style), 0);
}

TEST(Text, ShowsABoxForWhatItCannotWrite) {
  EXPECT_EQ(glyphs_of("\xC3\xA9").size(), 1u);  // one character of two bytes
  EXPECT_EQ(glyphs_of("\xC3\xA9")[0].strokes.size(), 1u);
}

TEST(HideBox, LeavesOnlyAFewTiles) {
  Picture p(64, 64, 1);
  for (int i = 0; i < 64 * 64; ++i) p.pixels[size_t(i)] = uint8_t(i * 37);
  const Picture before = p;
  hide_box(p, {16, 16, 32, 32}, 4);
  for (int y = 16; y < 48; ++y)
    for (int x = 16; x < 48; ++x) ASSERT_EQ(*p.at(x, y), *p.at(16 + (x - 16) / 8 * 8, 16 + (y - 16) / 8 * 8));
  EXPECT_EQ(*p.at(15, 20), *before.at(15, 20));
}

}  // namespace
}  // namespace dimple::media
