#include "media/drawn_face.h"

#include <algorithm>
#include <cmath>

namespace dimple::media {
namespace {

struct Tint {
  float red, green, blue;
};

Tint mix(const Tint& a, const Tint& b, float share) {
  return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

// 1 inside of an ellipse, 0 outside, with a rim of this softness.
float ellipse(float x, float y, float cx, float cy, float rx, float ry, float soft = 0.06f) {
  const float r = std::hypot((x - cx) / rx, (y - cy) / ry);
  return std::clamp((1 - r) / soft + 0.5f, 0.0f, 1.0f);
}

// A stroke along y = cy + slope * (x - cx) + bend * (x - cx)^2, from -half to half.
float arc(float x, float y, float cx, float cy, float half, float bend, float thick, float slope = 0) {
  const float dx = x - cx;
  if (std::abs(dx) > half) return 0;
  const float rim = std::abs(y - (cy + slope * dx + bend * dx * dx)) / thick;
  return std::clamp((1 - rim) * 3, 0.0f, 1.0f);
}

// The colour at (x, y), both from -1 to 1.
Tint colour_at(const DrawnFace& face, float x, float y) {
  constexpr Tint kWall{150, 160, 170}, kHair{60, 42, 32}, kSkin{214, 168, 140}, kShade{150, 104, 84}, kDark{38, 26, 24},
      kWhite{236, 234, 230}, kLip{168, 84, 80};
  Tint t = mix(kWall, {110, 122, 136}, (y + 1) / 2);
  t = mix(t, {90, 96, 130}, ellipse(x, y, 0, 1.35f, 0.95f, 0.55f));  // shoulders
  t = mix(t, kHair, ellipse(x, y, 0, -0.12f, 0.76f, 0.88f));
  t = mix(t, kShade, ellipse(x, y, 0, 0.75f, 0.24f, 0.5f));  // neck
  const float head = ellipse(x, y, 0, 0.05f, 0.62f, 0.8f);
  const float lit = std::clamp(0.25f + 0.5f * (x + 0.4f) + 0.2f * y, 0.0f, 0.8f);  // light from the upper left
  t = mix(t, mix(kSkin, kShade, lit), head);
  t = mix(t, kHair, head * ellipse(x, y, 0.1f, -0.72f, 0.62f, 0.3f));  // fringe
  for (const float side : {-1.0f, 1.0f}) {
    const float cx = 0.25f * side;
    const float eye = ellipse(x, y, cx, -0.1f, 0.12f, 0.07f * (1 - 0.75f * face.lids), 0.2f);
    t = mix(t, kWhite, eye);
    t = mix(t, kDark, std::min(eye, ellipse(x, y, cx, -0.1f, 0.06f, 0.065f, 0.2f)));
    t = mix(t, kDark,
            0.8f * arc(x, y, cx, -0.23f - 0.1f * face.brow + 0.02f * face.open, 0.15f, 1.2f, 0.035f,
                       -0.5f * side * face.frown));
    t = mix(t, {206, 120, 108},
            0.35f * std::max(0.0f, face.smile) * ellipse(x, y, 0.36f * side, 0.24f, 0.14f, 0.1f, 0.8f));
  }
  t = mix(t, kShade, arc(x, y, 0.02f, 0.2f, 0.1f, -1.5f, 0.03f));  // nose
  const float mouth = 0.44f + 0.05f * face.smile,
              bend = -1.1f * face.smile + 3.2f * face.open * (1 - 0.7f * face.smile);
  t = mix(t, kDark, ellipse(x, y, 0, mouth, 0.16f, 0.02f + 0.13f * face.open, 0.2f) * std::min(1.0f, 4 * face.open));
  t = mix(t, kLip, arc(x, y, 0, mouth - 0.13f * face.open, 0.28f - 0.1f * face.open, bend, 0.045f));
  return mix(t, kLip,
             face.open > 0 ? arc(x, y, 0, mouth + 0.13f * face.open, 0.2f - 0.02f * face.open, -2.2f, 0.045f) : 0.0f);
}

}  // namespace

Picture draw_face(const DrawnFace& face) {
  constexpr int kSamples = 3;  // per side of a pixel
  Picture picture(face.size, face.size, face.channels);
  for (int y = 0; y < face.size; ++y)
    for (int x = 0; x < face.size; ++x) {
      Tint sum{0, 0, 0};
      for (int s = 0; s < kSamples * kSamples; ++s) {
        const auto at = [&](int pixel, int part) {
          return 2 * (static_cast<float>(pixel) + (static_cast<float>(part) + 0.5f) / kSamples) /
                     static_cast<float>(face.size) -
                 1;
        };
        const Tint t = colour_at(face, at(x, s % kSamples), at(y, s / kSamples));
        sum.red += t.red, sum.green += t.green, sum.blue += t.blue;
      }
      constexpr float kShare = 1.0f / (kSamples * kSamples);
      uint8_t* out = picture.at(x, y);
      if (face.channels == 1) {
        out[0] = static_cast<uint8_t>((0.299f * sum.red + 0.587f * sum.green + 0.114f * sum.blue) * kShare + 0.5f);
      } else {
        out[0] = static_cast<uint8_t>(sum.red * kShare + 0.5f);
        out[1] = static_cast<uint8_t>(sum.green * kShare + 0.5f);
        out[2] = static_cast<uint8_t>(sum.blue * kShare + 0.5f);
      }
    }
  return picture;
}

Picture draw_framed_face(const DrawnFace& face) {
  DrawnFace larger = face;
  larger.size = face.size * 5 / 4;
  const Picture whole = draw_face(larger);
  Picture framed(face.size, face.size, face.channels);
  const int left = larger.size / 10, top = larger.size / 7;
  for (int y = 0; y < face.size; ++y)
    std::copy_n(whole.at(left, top + y), static_cast<size_t>(face.size * face.channels), framed.at(0, y));
  return framed;
}

}  // namespace dimple::media
