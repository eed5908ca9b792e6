// Convolutions and dense layers as products of matrices (product.h).
//
// A window of more than one tap reads from a ring of input rows in scratch, with their borders; each row is written there
// once. A pointwise convolution takes its pixels as one long row, a piece of it at a time; a dense layer is one pixel.
// Both write no output before all input that it covers lies in scratch: an output may lie over rows that were read.
//
// Words of F beside those of the product: In, move_codes(to, from, count), border(call).
#pragma once
#include "kernels/vectors/product.h"
#include "kernels/vectors/scratch.h"

namespace dimple::kernels::vectors {

// Pixels of a pointwise convolution, moved, each filled up to whole groups.
template <class F>
DIMPLE_INLINE void move_pixels(typename F::Code* to, const typename F::In* from, int32_t pixels, int32_t channels,
                               int32_t step) {
  if (channels == step) return F::move_codes(to, from, pixels * channels);
  for (int32_t pixel = 0; pixel < pixels; ++pixel) {
    F::move_codes(to + pixel * step, from + pixel * channels, channels);
    for (int32_t i = channels; i < step; ++i) to[pixel * step + i] = 0;
  }
}

// `pixels` of them, `channels` codes each.
template <class F>
DIMPLE_INLINE void convolve_pixels(const ops::Call& call, int32_t first, int32_t last, int32_t channels) {
  const int32_t step = round_up(channels, F::kGroup);
  const int32_t piece = piece_pixels(step * static_cast<int32_t>(sizeof(typename F::Code)));
  auto* const moved = static_cast<typename F::Code*>(call.scratch);
  const auto* from = static_cast<const typename F::In*>(call.in[0].data) + static_cast<int64_t>(first) * channels;
  Product<F> product{call,
                     {moved},
                     1,
                     step / F::kGroup,
                     step,
                     0,
                     static_cast<typename F::Out*>(call.out.data) + static_cast<int64_t>(first) * call.out.channels};
  for (int32_t pixel = first; pixel < last; pixel += piece) {
    product.pixels = min_of(piece, last - pixel);
    move_pixels<F>(moved, from, product.pixels, channels, step);
    write_product(product);
    from += product.pixels * channels;
    product.to += product.pixels * call.out.channels;
  }
}

// Input row `y`, which may lie outside, into its place in the ring.
template <class F>
DIMPLE_INLINE void move_row(const ops::Call& call, const ops::Window& window, int32_t y, typename F::Code* to) {
  const ops::Tensor& in = call.in[0];
  const typename F::Code border = F::border(call);
  const bool inside = y >= 0 && y < in.height;
  const int32_t columns = reached_columns(call, window), codes = row_codes(call, window);
  const int32_t left = inside ? min_of(window.pad_left, columns) : columns;
  const int32_t middle = inside ? min_of(in.width, columns - left) : 0;
  int32_t i = 0;
  for (; i < left * in.channels; ++i) to[i] = border;
  if (middle > 0)
    F::move_codes(to + i,
                  static_cast<const typename F::In*>(in.data) + static_cast<int64_t>(y) * in.width * in.channels,
                  middle * in.channels);
  for (i += middle * in.channels; i < codes; ++i) to[i] = border;
}

template <class F>
DIMPLE_INLINE void convolve_windows(const ops::Call& call, const ops::Window& window, ops::Range rows) {
  const ops::Tensor& in = call.in[0];
  const int32_t codes = row_codes(call, window);
  auto* const ring = static_cast<typename F::Code*>(call.scratch);
  const auto place = [&](int32_t y) {  // rows above the picture too
    return ring + (y + window.kernel_h) % window.kernel_h * codes;
  };
  Product<F> product{call,
                     {},
                     window.kernel_h,
                     (window.kernel_w * in.channels + F::kGroup - 1) / F::kGroup,
                     window.stride_w * in.channels,
                     call.out.width,
                     static_cast<typename F::Out*>(call.out.data) + ops::elements_of(call.out, rows).first};
  int32_t next = rows.first * window.stride_h - window.pad_top;  // input row that is not in the ring yet
  for (int32_t y = rows.first; y < rows.last; ++y) {
    const int32_t top = y * window.stride_h - window.pad_top;
    for (next = max_of(next, top); next < top + window.kernel_h; ++next) move_row<F>(call, window, next, place(next));
    for (int32_t i = 0; i < window.kernel_h; ++i) product.rows[i] = place(top + i);
    write_product(product);
    product.to += call.out.width * call.out.channels;
  }
}

template <class F>
DIMPLE_INLINE void convolve(const ops::Call& call, ops::Range rows) {
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(call).window;
  if (!(window == ops::Window{})) return convolve_windows<F>(call, window, rows);
  const ops::Range pixels = ops::pixels_of(call.out, rows);
  convolve_pixels<F>(call, pixels.first, pixels.last, call.in[0].channels);
}

template <class F>
DIMPLE_INLINE void multiply_dense(const ops::Call& call, ops::Range rows) {
  convolve_pixels<F>(call, rows.first, rows.last, ops::elements_of(call.in[0]));
}

}  // namespace dimple::kernels::vectors
