// Which part of a sliding window lies inside the picture: border checks once per pixel, none in the inner loop.
#pragma once
#include "base/fixed_point.h"

namespace dimple::ops {

struct Taps {
  int32_t first, last;  // of the window, last excluded
};

constexpr Taps taps_inside(int32_t window_start, int32_t window_size, int32_t extent) {
  return {max_of<int32_t>(0, -window_start), min_of(window_size, extent - window_start)};
}

}  // namespace dimple::ops
