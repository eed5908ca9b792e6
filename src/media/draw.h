// Drawing on a picture, anti-aliased: every shape is a distance to its outline, and a pixel is covered by how far
// inside of it its centre lies.
#pragma once
#include <string_view>

#include "media/font.h"
#include "media/picture.h"

namespace dimple::media {

struct Colour {
  uint8_t red = 0, green = 0, blue = 0;
  float alpha = 1;

  constexpr Colour with_alpha(float a) const { return {red, green, blue, a}; }
};

struct Rect {
  float x = 0, y = 0, width = 0, height = 0;

  float right() const { return x + width; }
  float bottom() const { return y + height; }
};

// Shapes may stick out of the picture. `picture` is RGB; on a grey one only the colour's brightness shows.
void fill_rounded(Picture& picture, const Rect& rect, float radius, Colour colour);
void outline_rounded(Picture& picture, const Rect& rect, float radius, float thickness, Colour colour);

struct TextStyle {
  float height = 14;  // of a capital letter, in pixels
  float weight = 1;   // 1 = regular, 1.4 = bold
  Colour colour{255, 255, 255};
};

// Left end of the baseline; characters outside of printable ASCII show as boxes.
void draw_text(Picture& picture, Point at, std::string_view text, const TextStyle& style);
float text_width(std::string_view text, const TextStyle& style);

// Coarse tiles instead of a face: no person is recognised, and it cannot be undone.
void hide_box(Picture& picture, const image::Box& box, int tiles = 8);

}  // namespace dimple::media
