// What a window shows of the input, copied side by side as [row][column][channel], with zero points for what lies in the
// border: so a convolution is a product of one row, whatever its window, and pays for borders here alone.
#pragma once
#include "kernels/chips/codes.h"
#include "ops/kernel_call.h"
#include "ops/shape.h"

namespace dimple::kernels::chips {

// Of the pixel (y, x) of the output. Returns the end of what it wrote.
[[gnu::noinline]] static int8_t* copy_window(const ops::Tensor& in, const ops::Window& w, int32_t y, int32_t x,
                                             int8_t* to) {
  const int32_t left = x * w.stride_w - w.pad_left;
  const bool whole = left >= 0 && left + w.kernel_w <= in.width && w.dilation_w == 1;
  int32_t row = y * w.stride_h - w.pad_top;
  for (int32_t ky = 0; ky < w.kernel_h; ++ky, row += w.dilation_h) {
    if (row < 0 || row >= in.height) {
      to = fill_codes(to, in.zero_point, w.kernel_w * in.channels);
      continue;
    }
    const auto* const line = static_cast<const int8_t*>(in.data) + row * in.width * in.channels;
    if (whole) {
      to = copy_codes(to, line + left * in.channels, w.kernel_w * in.channels);
      continue;
    }
    for (int32_t kx = 0, column = left; kx < w.kernel_w; ++kx, column += w.dilation_w)
      to = column >= 0 && column < in.width ? copy_codes(to, line + column * in.channels, in.channels)
                                            : fill_codes(to, in.zero_point, in.channels);
  }
  return to;
}

}  // namespace dimple::kernels::chips
