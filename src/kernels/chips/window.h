// What a window shows of the input, copied side by side as [row][column][channel], with zero points for what lies in the
// border: so a convolution is a product of one row, whatever its window, and pays for borders here alone.
#pragma once
#include "base/fixed_point.h"
#include "kernels/chips/codes.h"
#include "ops/kernel_call.h"
#include "ops/shape.h"

namespace dimple::kernels::chips {

// The windows of a row of the output. Those of pixels [first, last) show nothing but the input, and their rows may be
// read in fours.
struct WindowRow {
  const ops::Tensor& in;
  const ops::Window& window;
  int32_t line_codes;  // of a row of a window
  int32_t row_step;    // of the input
  int32_t pixel_step;  // from one window to the next
  int32_t top;
  int32_t start;  // of pixel 0's window; it may lie outside
  int32_t first = 0, last = 0;

  WindowRow(const ops::Call& call, const ops::Window& w, int32_t y)
      : in(call.in[0]),
        window(w),
        line_codes(w.kernel_w * in.channels),
        row_step(in.width * in.channels),
        pixel_step(w.stride_w * in.channels),
        top(y * w.stride_h - w.pad_top),
        start(top * row_step - w.pad_left * in.channels) {
    const int32_t room = in.width + w.pad_left - w.kernel_w;  // for the left of the last window
    if (top < 0 || top + w.kernel_h > in.height || w.dilated() || room < 0) return;
    first = (w.pad_left + w.stride_w - 1) / w.stride_w;
    last = min_of(room / w.stride_w + 1, call.out.width);
    const int32_t reach = start + (w.kernel_h - 1) * row_step + round_up<int32_t>(line_codes, 4);
    while (last > first && reach + (last - 1) * pixel_step > in.height * row_step) --last;
  }

  DIMPLE_INLINE bool whole(int32_t x) const { return x >= first && x < last; }
  DIMPLE_INLINE const int8_t* codes(int32_t x) const {
    return static_cast<const int8_t*>(in.data) + start + x * pixel_step;
  }
};

// The border, dilation, and where fours would reach behind the input.
[[gnu::noinline, gnu::cold]] static void copy_window_by_taps(const WindowRow& r, int32_t x, int8_t* to) {
  const ops::Tensor& in = r.in;
  const ops::Window& w = r.window;
  int32_t row = r.top;
  for (int32_t ky = 0; ky < w.kernel_h; ++ky, row += w.dilation_h) {
    const auto* const line = static_cast<const int8_t*>(in.data) + row * r.row_step;
    int32_t column = x * w.stride_w - w.pad_left;
    for (int32_t kx = 0; kx < w.kernel_w; ++kx, column += w.dilation_w) {
      const bool inside = row >= 0 && row < in.height && column >= 0 && column < in.width;
      to = inside ? copy_codes(to, line + column * in.channels, in.channels)
                  : fill_codes(to, in.zero_point, in.channels);
    }
  }
}

// Of a pixel of the output. Rows are copied in fours: each writes over what the one before it had too many, and behind
// the last up to three bytes more are written.
DIMPLE_INLINE void copy_window(const WindowRow& r, int32_t x, int8_t* to) {
  if (!r.whole(x)) return copy_window_by_taps(r, x, to);
  const int8_t* line = r.codes(x);
  for (int32_t ky = r.window.kernel_h; ky > 0; --ky, line += r.row_step, to += r.line_codes) {
    copy_four(to, line);
    for (int32_t i = 4; i < r.line_codes; i += 4) copy_four(to + i, line + i);
  }
}

}  // namespace dimple::kernels::chips
