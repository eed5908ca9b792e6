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

constexpr Box intersection(const Box& a, const Box& b) {
  const int32_t x = max_of(a.x, b.x), y = max_of(a.y, b.y);
  const int32_t right = min_of<int32_t>(a.x + a.width, b.x + b.width);
  const int32_t bottom = min_of<int32_t>(a.y + a.height, b.y + b.height);
  return {x, y, max_of<int32_t>(right - x, 0), max_of<int32_t>(bottom - y, 0)};
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
