// Binary convolutions: rows and their ring as of any convolution (convolution.h), their pixels in runs that see the
// same part of the picture.
#pragma once
#include "kernels/vectors/bits.h"
#include "kernels/vectors/convolution.h"

namespace dimple::kernels::vectors {

// `kernel` steps from `first` on that lie in 0 .. size.
DIMPLE_INLINE ops::Range inside_of(int32_t first, int32_t kernel, int32_t size) {
  return {max_of(0, -first), clamp(size - first, 0, kernel)};
}

// A row of the output, or a piece of a pointwise convolution. Found where convolution.h writes a product.
template <class W>
DIMPLE_INLINE void write_product(const Product<Bits<W>>& p) {
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(p.call).window;
  Inside inside{{0, p.pixels}, {0, p.row_count}, {0, p.row_groups}};
  if (window == ops::Window{}) return write_bits(p, inside);

  const ops::Tensor &in = p.call.in[0], &out = p.call.out;
  const auto y = static_cast<int32_t>((p.to - static_cast<const int8_t*>(out.data)) / (out.width * out.channels));
  inside.rows = inside_of(y * window.stride_h - window.pad_top, window.kernel_h, in.height);
  for (int32_t x = 0; x < p.pixels; x = inside.pixels.last) {
    const auto columns = [&](int32_t at) {
      return inside_of(at * window.stride_w - window.pad_left, window.kernel_w, in.width);
    };
    const ops::Range seen = columns(x);
    int32_t last = x + 1;
    while (last < p.pixels && columns(last).first == seen.first && columns(last).last == seen.last) ++last;
    inside.pixels = {x, last};
    inside.groups = {seen.first * in.channels, seen.last * in.channels};
    write_bits(p, inside);
  }
}

template <class W>
DIMPLE_INLINE void convolve_bits(const ops::Call& call, ops::Range rows) {
  const ops::Call groups = in_groups(call, W::kBits);
  convolve<Bits<W>>(groups, rows);
}

}  // namespace dimple::kernels::vectors
