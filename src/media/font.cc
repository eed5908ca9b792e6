#include "media/font.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <string>

namespace dimple::media {
namespace {

// M x y: lift the pen and go there.  L x y: a line.  A x y rx ry from to: a piece of an ellipse, in degrees counter-
// clockwise from its right end (from > to: clockwise); joined to what was drawn before if it begins there.
// The letters with bowls share one: an ellipse 4.4 wide and 5 high.
constexpr std::array<const char*, 95> kShapes = {
    /*   */ "",
    /* ! */ "M .5 7 L .5 2.2 M .5 .1 L .5 0",
    /* " */ "M 0 7 L 0 5 M 1.8 7 L 1.8 5",
    /* # */ "M 1.6 6.6 L .8 .4 M 4.2 6.6 L 3.4 .4 M .2 4.6 L 5 4.6 M 0 2.4 L 4.8 2.4",
    /* $ */ "A 2.2 4.9 1.9 1.5 35 270 A 2.2 1.9 2.1 1.5 90 -150 M 2.2 7.6 L 2.2 -.8",
    /* % */ "A 1.35 5.5 1.35 1.5 0 360 A 5.05 1.5 1.35 1.5 0 360 M 5 7 L 1.4 0",
    /* & */ "M 5.6 0 L 1.3 4.6 A 2.2 5.6 1.35 1.4 228 -45 L 1 3 A 2 1.9 2 1.9 125 330 L 5.3 3.4",
    /* ' */ "M .3 7 L .3 5",
    /* ( */ "A 3.2 3 3.2 4.9 115 245",
    /* ) */ "A -1.2 3 3.2 4.9 65 -65",
    /* * */ "M 1.8 7 L 1.8 3.6 M .3 6.2 L 3.3 4.4 M 3.3 6.2 L .3 4.4",
    /* + */ "M 2.2 5.2 L 2.2 .8 M 0 3 L 4.4 3",
    /* , */ "M .7 .3 L .1 -1.4",
    /* - */ "M 0 2.8 L 2.6 2.8",
    /* . */ "M .3 .1 L .3 0",
    /* / */ "M 3.2 7.4 L 0 -.8",
    /* 0 */ "A 2.2 3.5 2.2 3.5 0 360",
    /* 1 */ "M .7 5.7 L 2.5 7 L 2.5 0",
    /* 2 */ "A 2.15 4.95 2 2.05 165 -38 L .1 0 L 4.3 0",
    /* 3 */ "A 2 5.3 1.85 1.7 150 -90 M 1.5 3.6 L 2 3.6 A 2 1.8 2.2 1.8 90 -150",
    /* 4 */ "M 3.4 0 L 3.4 7 L 0 2 L 4.5 2",
    /* 5 */ "M 3.9 7 L .8 7 L .5 3.8 A 2.1 2.25 2.2 2.25 137 -145",
    /* 6 */ "A 2.2 2.2 2.2 2.2 0 360 A 4.6 2.2 4.6 4.8 102 180",
    /* 7 */ "M 0 7 L 4.3 7 L 1.5 0",
    /* 8 */ "A 2.2 5.35 1.75 1.65 0 360 A 2.2 1.85 2.15 1.85 0 360",
    /* 9 */ "A 2.2 4.8 2.2 2.2 0 360 A -.2 4.8 4.6 4.8 282 360",
    /* : */ "M .3 4.6 L .3 4.5 M .3 .1 L .3 0",
    /* ; */ "M .7 4.6 L .7 4.5 M .7 .3 L .1 -1.4",
    /* < */ "M 4.2 5.4 L .2 3 L 4.2 .6",
    /* = */ "M 0 4.1 L 4.4 4.1 M 0 1.9 L 4.4 1.9",
    /* > */ "M .2 5.4 L 4.2 3 L .2 .6",
    /* ? */ "A 1.9 5.2 1.8 1.8 165 -60 A 3.2 2.5 1.4 1.2 125 180 M 1.8 .1 L 1.8 0",
    /* @ */ "A 3.5 2.5 1.5 1.7 0 360 M 5 4.2 L 5 1.8 A 5.95 1.9 .95 1.1 180 345 A 3.5 2.5 3.5 3.6 -10 300",
    /* A */ "M 0 0 L 2.8 7 L 5.6 0 M 1 2.4 L 4.6 2.4",
    /* B */
    "M 0 0 L 0 7 L 2.5 7 A 2.5 5.35 1.75 1.65 90 -90 L 0 3.7 M 2.5 3.7 L 2.8 3.7 A 2.8 1.85 1.9 1.85 90 -90 L 0 0",
    /* C */ "A 3 3.5 3 3.5 48 312",
    /* D */ "M 0 0 L 0 7 L 2 7 A 2 3.5 3.3 3.5 90 -90 L 0 0",
    /* E */ "M 4 7 L 0 7 L 0 0 L 4 0 M 0 3.7 L 3.4 3.7",
    /* F */ "M 4 7 L 0 7 L 0 0 M 0 3.6 L 3.4 3.6",
    /* G */ "A 3 3.5 3 3.5 48 352 L 6 3.2 L 3.6 3.2",
    /* H */ "M 0 7 L 0 0 M 4.9 7 L 4.9 0 M 0 3.7 L 4.9 3.7",
    /* I */ "M .3 7 L .3 0",
    /* J */ "M 3.1 7 L 3.1 1.7 A 1.5 1.7 1.6 1.7 360 200",
    /* K */ "M 0 7 L 0 0 M 4.6 7 L 0 2.6 M 1.7 4.2 L 4.8 0",
    /* L */ "M 0 7 L 0 0 L 3.8 0",
    /* M */ "M 0 0 L 0 7 L 3 1.8 L 6 7 L 6 0",
    /* N */ "M 0 0 L 0 7 L 4.9 0 L 4.9 7",
    /* O */ "A 3.2 3.5 3.2 3.5 0 360",
    /* P */ "M 0 0 L 0 7 L 2.5 7 A 2.5 5.1 1.9 1.9 90 -90 L 0 3.2",
    /* Q */ "A 3.2 3.5 3.2 3.5 0 360 M 4 1.8 L 6.2 -.5",
    /* R */ "M 0 0 L 0 7 L 2.5 7 A 2.5 5.15 1.85 1.85 90 -90 L 0 3.3 M 2.4 3.3 L 4.6 0",
    /* S */ "A 2.3 5.2 2 1.8 30 270 A 2.3 1.75 2.2 1.75 90 -150",
    /* T */ "M 0 7 L 5 7 M 2.5 7 L 2.5 0",
    /* U */ "M 0 7 L 0 2.4 A 2.4 2.4 2.4 2.4 180 360 L 4.8 7",
    /* V */ "M 0 7 L 2.8 0 L 5.6 7",
    /* W */ "M 0 7 L 1.9 0 L 3.8 6.6 L 5.7 0 L 7.6 7",
    /* X */ "M 0 7 L 4.8 0 M 4.8 7 L 0 0",
    /* Y */ "M 0 7 L 2.6 3.3 L 5.2 7 M 2.6 3.3 L 2.6 0",
    /* Z */ "M 0 7 L 4.6 7 L 0 0 L 4.6 0",
    /* [ */ "M 1.6 7.8 L 0 7.8 L 0 -1.6 L 1.6 -1.6",
    /* \ */ "M 0 7.4 L 3.2 -.8",
    /* ] */ "M 0 7.8 L 1.6 7.8 L 1.6 -1.6 L 0 -1.6",
    /* ^ */ "M 0 4.4 L 1.8 7 L 3.6 4.4",
    /* _ */ "M 0 -1.2 L 4.4 -1.2",
    /* ` */ "M 0 7 L 1.2 5.6",
    /* a */ "A 2.1 2.5 2.1 2.5 0 360 M 4.2 5 L 4.2 0",
    /* b */ "A 2.1 2.5 2.1 2.5 0 360 M 0 7 L 0 0",
    /* c */ "A 2.2 2.5 2.2 2.5 48 312",
    /* d */ "A 2.1 2.5 2.1 2.5 0 360 M 4.2 7 L 4.2 0",
    /* e */ "M .1 2.6 L 4.3 2.6 A 2.2 2.5 2.1 2.5 2 312",
    /* f */ "A 2.5 5.6 1.4 1.4 75 180 L 1.1 0 M 0 4.7 L 2.6 4.7",
    /* g */ "A 2.1 2.5 2.1 2.5 0 360 M 4.2 5 L 4.2 0 A 2.2 0 2 2 360 215",
    /* h */ "M 0 7 L 0 0 M 0 2.9 A 1.95 3.05 1.95 1.95 180 0 L 3.9 0",
    /* i */ "M .3 4.9 L .3 0 M .3 6.9 L .3 6.8",
    /* j */ "M 1.3 4.9 L 1.3 -.7 A 0 -.7 1.3 1.3 360 270 M 1.3 6.9 L 1.3 6.8",
    /* k */ "M 0 7 L 0 0 M 3.7 4.9 L 0 1.7 M 1.4 2.9 L 3.9 0",
    /* l */ "M .3 7 L .3 .9 A 1.2 .9 .9 .9 180 265",
    /* m */ "M 0 5 L 0 0 M 0 3 A 1.65 3.35 1.65 1.65 180 0 L 3.3 0 M 3.3 3.35 A 4.95 3.35 1.65 1.65 180 0 L 6.6 0",
    /* n */ "M 0 5 L 0 0 M 0 2.9 A 1.95 3.05 1.95 1.95 180 0 L 3.9 0",
    /* o */ "A 2.2 2.5 2.2 2.5 0 360",
    /* p */ "A 2.1 2.5 2.1 2.5 0 360 M 0 5 L 0 -2",
    /* q */ "A 2.1 2.5 2.1 2.5 0 360 M 4.2 5 L 4.2 -2",
    /* r */ "M 0 5 L 0 0 M 0 2.8 A 1.9 3.1 1.9 1.9 180 70",
    /* s */ "A 1.85 3.75 1.6 1.25 30 270 A 1.85 1.25 1.8 1.25 90 -150",
    /* t */ "M 1.1 6.6 L 1.1 1.4 A 2.5 1.4 1.4 1.4 180 285 M 0 4.9 L 2.7 4.9",
    /* u */ "M 0 5 L 0 1.95 A 1.95 1.95 1.95 1.95 180 360 M 3.9 5 L 3.9 0",
    /* v */ "M 0 5 L 2.05 0 L 4.1 5",
    /* w */ "M 0 5 L 1.5 0 L 3.1 4.8 L 4.7 0 L 6.2 5",
    /* x */ "M 0 5 L 3.9 0 M 3.9 5 L 0 0",
    /* y */ "M 0 5 L 2.1 0 M 4.2 5 L 1.26 -2",
    /* z */ "M 0 5 L 3.7 5 L 0 0 L 3.7 0",
    /* { */ "A 2 6.4 1.1 1.4 90 180 L .9 4.4 A 0 4.2 .9 1.2 0 -90 A 0 1.8 .9 1.2 90 0 L .9 -.2 A 2 -.2 1.1 1.4 180 270",
    /* | */ "M .3 7.8 L .3 -1.6",
    /* } */
    "A 0 6.4 1.1 1.4 90 0 L 1.1 4.4 A 2 4.2 .9 1.2 180 270 A 2 1.8 .9 1.2 90 180 L 1.1 -.2 A 0 -.2 1.1 1.4 0 -90",
    /* ~ */ "A 1.2 2.6 1.2 1.1 180 20 A 3.5 3.3 1.2 1.1 200 360",
};
constexpr const char* kUnknown = "M 0 0 L 0 7 L 4 7 L 4 0 L 0 0";
constexpr float kSpace = 1.5f;

void draw_arc(Glyph& glyph, Point centre, Point radius, float from, float to) {
  constexpr int kSteps = 28;
  constexpr float kDegree = 3.14159265f / 180;
  const auto at = [&](int i) {
    const float angle = (from + (to - from) * float(i) / kSteps) * kDegree;
    return Point{centre.x + radius.x * std::cos(angle), centre.y + radius.y * std::sin(angle)};
  };
  const auto near = [](Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y) < 0.35f; };
  if (glyph.strokes.empty() || glyph.strokes.back().empty() || !near(glyph.strokes.back().back(), at(0)))
    glyph.strokes.emplace_back();
  for (int i = 0; i <= kSteps; ++i) glyph.strokes.back().push_back(at(i));
}

Glyph parse_shape(const char* shape) {
  Glyph glyph;
  std::istringstream in(shape);
  in.exceptions(std::ios::badbit);  // a stream keeps for itself that memory has run out
  for (char command; in >> command;) {
    Point p;
    in >> p.x >> p.y;
    if (command == 'A') {
      Point radius;
      float from = 0, to = 0;
      in >> radius.x >> radius.y >> from >> to;
      draw_arc(glyph, p, radius, from, to);
    } else {
      if (command == 'M') glyph.strokes.emplace_back();
      glyph.strokes.back().push_back(p);
    }
  }
  for (const Stroke& stroke : glyph.strokes)
    for (const Point& p : stroke) glyph.width = std::max(glyph.width, p.x);
  if (glyph.strokes.empty()) glyph.width = kSpace;
  return glyph;
}

}  // namespace

std::vector<Glyph> glyphs_of(std::string_view text) {
  std::vector<Glyph> out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x80 && code < 0xC0) continue;  // goes on with the character before
    out.push_back(parse_shape(code >= 32 && code < 127 ? kShapes[code - 32] : kUnknown));
  }
  return out;
}

}  // namespace dimple::media
