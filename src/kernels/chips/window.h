// What a window shows of the input, copied side by side as [row][column][channel], with zero points for what lies in the
// border: so a convolution is a product of one row, whatever its window, and pays for borders here alone.
#pragma once
#include "kernels/chips/codes.h"
#include "ops/kernel_call.h"
#include "ops/shape.h"

namespace dimple::kernels::chips {

// Bytes that may be written behind a window's codes.
inline constexpr int32_t kBehindWindow = 3;

// Where windows stand, and the place of each in the input.
struct Windows {
  const ops::Tensor& in;
  const ops::Window& window;
  int32_t line_codes;  // of a row of the window
  int32_t row_step;    // of the input
  int32_t reach;       // from the first code of a window to behind the last, in fours

  Windows(const ops::Tensor& input, const ops::Window& w)
      : in(input),
        window(w),
        line_codes(w.kernel_w * input.channels),
        row_step(input.width * input.channels),
        reach((w.kernel_h - 1) * row_step + round_up<int32_t>(line_codes, 4)) {}

  // Of the window of an output's pixel; it may lie outside.
  DIMPLE_INLINE int32_t start(int32_t y, int32_t x) const {
    return (y * window.stride_h - window.pad_top) * row_step + (x * window.stride_w - window.pad_left) * in.channels;
  }
  DIMPLE_INLINE const int8_t* first_code(int32_t y, int32_t x) const {
    return static_cast<const int8_t*>(in.data) + start(y, x);
  }
  DIMPLE_INLINE bool shows_input_alone(int32_t y, int32_t x) const {
    const int32_t top = y * window.stride_h - window.pad_top, left = x * window.stride_w - window.pad_left;
    return top >= 0 && left >= 0 && left + window.kernel_w <= in.width && top + window.kernel_h <= in.height &&
           !window.dilated();
  }
  // The same, and its rows may be read in fours.
  DIMPLE_INLINE bool whole(int32_t y, int32_t x) const {
    return shows_input_alone(y, x) && start(y, x) + reach <= in.height * row_step;
  }
  DIMPLE_INLINE bool lines_of_fours() const { return line_codes % 4 == 0; }
};

// The border, dilation, and where fours would reach behind the input.
[[gnu::noinline, gnu::cold]] static void copy_window_by_taps(const Windows& at, int32_t top, int32_t left, int8_t* to) {
  const ops::Tensor& in = at.in;
  const ops::Window& w = at.window;
  int32_t row = top;
  for (int32_t ky = 0; ky < w.kernel_h; ++ky, row += w.dilation_h) {
    const auto* const line = static_cast<const int8_t*>(in.data) + row * at.row_step;
    int32_t column = left;
    for (int32_t kx = 0; kx < w.kernel_w; ++kx, column += w.dilation_w) {
      const bool inside = row >= 0 && row < in.height && column >= 0 && column < in.width;
      to = inside ? copy_codes(to, line + column * in.channels, in.channels)
                  : fill_codes(to, in.zero_point, in.channels);
    }
  }
}

// Of the pixel (y, x) of the output. Rows are copied in fours: the next one writes over what one has too many.
DIMPLE_INLINE void copy_window(const Windows& at, int32_t y, int32_t x, int8_t* to) {
  const ops::Window& w = at.window;
  if (!at.whole(y, x)) return copy_window_by_taps(at, y * w.stride_h - w.pad_top, x * w.stride_w - w.pad_left, to);
  const int8_t* line = at.first_code(y, x);
  for (int32_t ky = 0; ky < w.kernel_h; ++ky, line += at.row_step, to += at.line_codes)
    for (int32_t i = 0; i < at.line_codes; i += 4) copy_four(to + i, line + i);
}

}  // namespace dimple::kernels::chips
