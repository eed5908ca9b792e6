// A stroke font of our own: every printable ASCII character as lines and arcs, so that it is sharp at any size.
#pragma once
#include <string_view>
#include <vector>

namespace dimple::media {

struct Point {
  float x = 0, y = 0;
};
using Stroke = std::vector<Point>;

// In units of a seventh of a capital's height: baseline at y = 0, capitals up to 7, small letters to 5, tails to -2.
struct Glyph {
  std::vector<Stroke> strokes;
  float width = 0;  // of the ink, from x = 0
};

inline constexpr float kCapitalHeight = 7, kTail = 2, kLetterGap = 1.9f;

// Characters that are not printable ASCII come out as an empty box. A UTF-8 sequence is one character.
std::vector<Glyph> glyphs_of(std::string_view text);

}  // namespace dimple::media
