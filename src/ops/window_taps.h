// Which part of a sliding window lies inside the picture: border checks once per pixel, none in the inner loop.
#pragma once
#include "base/fixed_point.h"

namespace dimple::ops {

struct Taps {
  int32_t first, last;  // of the window, last excluded; none when last <= first
};

// Tap k lies at window_start + k * dilation.
constexpr Taps taps_inside(int32_t window_start, int32_t window_size, int32_t extent, int32_t dilation = 1) {
  const int32_t skipped = window_start < 0 ? (dilation - 1 - window_start) / dilation : 0;
  const int32_t room = extent - window_start + dilation - 1;  // rounded up: the last tap need not end at the border
  return {skipped, min_of(window_size, room / dilation)};
}

}  // namespace dimple::ops
