#include "media/draw.h"

#include <algorithm>
#include <cmath>

#include "image/grey.h"
#include "image/resize.h"

namespace dimple::media {
namespace {

void blend(Picture& picture, int x, int y, Colour colour, float coverage) {
  const float a = colour.alpha * std::clamp(coverage, 0.0f, 1.0f);
  if (a <= 0) return;
  uint8_t* p = picture.at(x, y);
  const uint8_t grey = image::grey_of(colour.red, colour.green, colour.blue);
  const uint8_t ink[] = {picture.channels == 1 ? grey : colour.red, colour.green, colour.blue};
  for (int c = 0; c < std::min(picture.channels, 3); ++c)
    p[c] = static_cast<uint8_t>(std::lround(float(p[c]) + (float(ink[c]) - float(p[c])) * a));
}

// Calls shade(x, y, centre of the pixel) for the pixels of the picture within `rect`, widened by one.
template <class Shade>
void for_pixels(const Picture& picture, const Rect& rect, Shade&& shade) {
  const auto inside = [](float v, int most) { return int(std::clamp(v, 0.0f, float(most))); };
  const int left = inside(std::floor(rect.x) - 1, picture.width),
            right = inside(std::ceil(rect.right()) + 1, picture.width);
  const int top = inside(std::floor(rect.y) - 1, picture.height);
  const int bottom = inside(std::ceil(rect.bottom()) + 1, picture.height);
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) shade(x, y, Point{float(x) + 0.5f, float(y) + 0.5f});
}

// Negative inside of the rectangle, zero on its outline.
float distance_to(const Rect& r, float radius, Point p) {
  const float round = std::min({radius, r.width / 2, r.height / 2});
  const float dx = std::abs(p.x - (r.x + r.width / 2)) - r.width / 2 + round;
  const float dy = std::abs(p.y - (r.y + r.height / 2)) - r.height / 2 + round;
  return std::hypot(std::max(dx, 0.0f), std::max(dy, 0.0f)) + std::min(std::max(dx, dy), 0.0f) - round;
}

float distance_to_segment(Point p, Point a, Point b) {
  const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const float along = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0;
  return std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

float distance_to(const Stroke& stroke, Point p) {
  float least = 1e9f;
  for (size_t i = 0; i + 1 < stroke.size(); ++i)
    least = std::min(least, distance_to_segment(p, stroke[i], stroke[i + 1]));
  return least;
}

float pen_width(const TextStyle& style) { return std::max(1.1f, style.height * 0.115f * style.weight); }

}  // namespace

void fill_rounded(Picture& picture, const Rect& rect, float radius, Colour colour) {
  for_pixels(picture, rect,
             [&](int x, int y, Point p) { blend(picture, x, y, colour, 0.5f - distance_to(rect, radius, p)); });
}

void outline_rounded(Picture& picture, const Rect& rect, float radius, float thickness, Colour colour) {
  const Rect around{rect.x - thickness, rect.y - thickness, rect.width + 2 * thickness, rect.height + 2 * thickness};
  for_pixels(picture, around, [&](int x, int y, Point p) {
    blend(picture, x, y, colour, thickness / 2 + 0.5f - std::abs(distance_to(rect, radius, p)));
  });
}

float text_width(std::string_view text, const TextStyle& style) {
  float units = 0;
  for (const Glyph& glyph : glyphs_of(text)) units += glyph.width + kLetterGap;
  return units > 0 ? (units - kLetterGap) * style.height / kCapitalHeight : 0;
}

void draw_text(Picture& picture, Point at, std::string_view text, const TextStyle& style) {
  const float unit = style.height / kCapitalHeight, pen = pen_width(style);
  float x = at.x;
  for (Glyph glyph : glyphs_of(text)) {
    for (Stroke& stroke : glyph.strokes)
      for (Point& p : stroke) p = {x + p.x * unit, at.y - p.y * unit};
    const Rect bounds{x - pen, at.y - (kCapitalHeight + 1) * unit - pen, glyph.width * unit + 2 * pen,
                      (kCapitalHeight + 1 + kTail) * unit + 2 * pen};
    if (!glyph.strokes.empty()) {
      for_pixels(picture, bounds, [&](int px, int py, Point p) {
        float least = 1e9f;
        for (const Stroke& stroke : glyph.strokes) least = std::min(least, distance_to(stroke, p));
        blend(picture, px, py, style.colour, pen / 2 + 0.5f - least);
      });
    }
    x += (glyph.width + kLetterGap) * unit;
  }
}

void hide_box(Picture& picture, const image::Box& box, int tiles) {
  const int left = std::clamp(box.x, 0, picture.width), right = std::clamp(box.x + box.width, 0, picture.width);
  const int top = std::clamp(box.y, 0, picture.height), bottom = std::clamp(box.y + box.height, 0, picture.height);
  if (left >= right || top >= bottom || tiles < 1) return;
  Picture coarse(tiles, tiles, picture.channels);
  const image::Box seen{left, top, right - left, bottom - top};
  if (image::resize(picture.view(), seen, coarse.view()) != Status::ok) return;
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      std::copy_n(coarse.at((x - left) * tiles / seen.width, (y - top) * tiles / seen.height), picture.channels,
                  picture.at(x, y));
}

}  // namespace dimple::media
