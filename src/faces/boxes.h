// Geometry of face boxes, shared by every finder.
#pragma once
#include "base/fixed_point.h"
#include "base/span.h"
#include "image/picture.h"

namespace dimple::faces {

using image::Box;

struct ScoredBox {
  Box box;
  float score = 0;
};

// What two stretches share. Their ends are kept in 64 bits: a box may lie anywhere.
constexpr int32_t shared_length(int32_t a, int32_t a_length, int32_t b, int32_t b_length) {
  const int64_t end = min_of(int64_t{a} + a_length, int64_t{b} + b_length);
  return static_cast<int32_t>(max_of<int64_t>(end - max_of(a, b), 0));
}

constexpr Box intersection(const Box& a, const Box& b) {
  const int32_t x = max_of(a.x, b.x), y = max_of(a.y, b.y);
  return {x, y, shared_length(a.x, a.width, b.x, b.width), shared_length(a.y, a.height, b.y, b.height)};
}

// Intersection over union, in thousandths.
constexpr int32_t overlap_permille(const Box& a, const Box& b) {
  const int64_t both = intersection(a, b).area(), either = a.area() + b.area() - both;
  return either > 0 ? static_cast<int32_t>(both * 1000 / either) : 0;
}

// Sorts by score, best first, and keeps of boxes that overlap by more than `most_permille` only the best.
// Returns how many stand at the front. Quadratic: a picture has tens of faces, not thousands.
size_t keep_best(Span<ScoredBox> boxes, int32_t most_permille);

}  // namespace dimple::faces
