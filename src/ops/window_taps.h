// A window on its way over a picture, and which of its taps lie inside: border checks once per pixel, none in the inner
// loop.
#pragma once
#include "base/fixed_point.h"
#include "ops/kernel_call.h"

namespace dimple::ops {

struct TapRange {
  int32_t first, last;  // of the window, last excluded; none when last <= first

  constexpr int32_t count() const { return last - first; }
};

// Tap k lies at window_start + k * dilation.
constexpr TapRange taps_inside(int32_t window_start, int32_t window_size, int32_t extent, int32_t dilation = 1) {
  const int32_t skipped = window_start < 0 ? (dilation - 1 - window_start) / dilation : 0;
  const int32_t room = extent - window_start + dilation - 1;  // rounded up: the last tap need not end at the border
  return {skipped, min_of(window_size, room / dilation)};
}

// Columns of the input and its border that the windows of a row of the output reach.
constexpr int32_t reached_columns(const Call& call, const Window& window) {
  return (call.out.width - 1) * window.stride_w + window.kernel_w;
}

// Where the window stands for one pixel of the output.
struct WindowPosition {
  TapRange rows, columns;
  int32_t origin;                 // the input's pixel under tap (0, 0), which may lie outside
  int32_t row_step, column_step;  // from one tap to the next

  // For taps that lie inside.
  constexpr int32_t pixel(int32_t ky, int32_t kx) const { return origin + ky * row_step + kx * column_step; }
};

// Calls f(place) for each pixel of these rows of the output, row by row from the top: the planner counts on that order
// (compile/overlap.cc).
template <class F>
DIMPLE_INLINE void for_window_positions(const Window& w, const Tensor& in, const Tensor& out, Range rows_written, F f) {
  for (int32_t y = rows_written.first; y < rows_written.last; ++y) {
    const int32_t top = y * w.stride_h - w.pad_top;
    const TapRange rows = taps_inside(top, w.kernel_h, in.height, w.dilation_h);
    for (int32_t x = 0; x < out.width; ++x) {
      const int32_t left = x * w.stride_w - w.pad_left;
      const TapRange columns = taps_inside(left, w.kernel_w, in.width, w.dilation_w);
      f(WindowPosition{rows, columns, top * in.width + left, w.dilation_h * in.width, w.dilation_w});
    }
  }
}

}  // namespace dimple::ops
