// Depthwise convolution of floats, straight from the input: kLanes channels side by side, a tap at a time. Where the windows
// of kColumnTile pixels lie inside, each value of a row is loaded once for all of them; at the borders each pixel takes
// the taps that it has.
//
// Words of W beside those of Floats: kColumnTile, load_some(from, count), and kMasksLanes: whether some lanes are loaded as
// quickly as all. Where they are not, channels that fill no vector go pixel by pixel.
#pragma once
#include "kernels/vectors/known_windows.h"
#include "kernels/vectors/vector.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

namespace dimple::kernels::vectors {

// `count` channels of pixels of one row of the output, from `channel` on. kWhole: all lanes are there.
template <class W, bool kWhole>
struct FloatTaps {
  using Sums = typename W::Sums;

  int32_t count, rows;                          // of the window that lie inside
  ptrdiff_t channels, values_row, weights_row;  // from a pixel to the next, and from a row of taps
  const float *values, *weights, *bias;         // under and of the first row
  Sums low, high;

  // `top`: the row of the input under the window's first.
  DIMPLE_INLINE FloatTaps(const ops::Call& call, const ops::Window& window, int32_t top, int32_t channel)
      : count(call.out.channels - channel), channels(call.out.channels), bias(static_cast<const float*>(call.bias)) {
    const ops::TapRange inside = ops::taps_inside(top, window.kernel_h, call.in[0].height, window.dilation_h);
    rows = inside.last - inside.first;
    const ptrdiff_t row = call.in[0].width * channels;
    values_row = window.dilation_h * row;
    weights_row = window.kernel_w * channels;
    values = static_cast<const float*>(call.in[0].data) + channel + top * row + inside.first * values_row;
    weights = static_cast<const float*>(call.weight) + channel + inside.first * weights_row;
    bias += channel;
    low = Sums{} + call.clamp_low_f32;
    high = Sums{} + call.clamp_high_f32;
  }

  DIMPLE_INLINE Sums some(const float* from) const { return kWhole ? load<Sums>(from) : W::load_some(from, count); }
  DIMPLE_INLINE void put(float* to, const Sums& v) const { kWhole ? store(to, v) : W::store_some(to, v, count); }
};

// One pixel, from the column of the input under the window's first.
template <class W, bool kWhole>
[[gnu::noinline]] static void write_pixel(const FloatTaps<W, kWhole>& taps, int32_t column, int32_t dilation,
                                          ops::TapRange columns, float* to) {
  typename W::Sums sums = taps.some(taps.bias);
  const ptrdiff_t step = dilation * taps.channels;
  const float* values = taps.values + column * taps.channels + columns.first * step;
  const float* weights = taps.weights + columns.first * taps.channels;
  for (int32_t ky = 0; ky < taps.rows; ++ky, values += taps.values_row, weights += taps.weights_row) {
    const float *a = values, *w = weights;
    for (int32_t kx = columns.first; kx < columns.last; ++kx, a += step, w += taps.channels)
      W::dot(sums, taps.some(a), taps.some(w));
  }
  taps.put(to, clamped(sums, taps.low, taps.high));
}

// kColumnTile pixels of a window of kColumns columns that lies inside; each value is loaded once.
template <int32_t kColumns, int32_t kStride, class W, bool kWhole>
DIMPLE_INLINE void write_pixels(const FloatTaps<W, kWhole>& taps, int32_t column, float* to) {
  constexpr int32_t kPixels = W::kColumnTile;
  typename W::Sums sums[kPixels];
  const typename W::Sums bias = taps.some(taps.bias), low = taps.low, high = taps.high;
#pragma GCC unroll 8
  for (int32_t i = 0; i < kPixels; ++i) sums[i] = bias;
  const ptrdiff_t channels = taps.channels;
  const float *values = taps.values + column * channels, *weights = taps.weights;
  for (int32_t ky = 0; ky < taps.rows; ++ky, values += taps.values_row, weights += taps.weights_row) {
    typename W::Sums w[kColumns];
#pragma GCC unroll 8
    for (int32_t kx = 0; kx < kColumns; ++kx) w[kx] = taps.some(weights + kx * channels);
#pragma GCC unroll 16
    for (int32_t x = 0; x < (kPixels - 1) * kStride + kColumns; ++x) {
      const typename W::Sums a = taps.some(values + x * channels);
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) {
        const int32_t kx = x - i * kStride;
        if (kx >= 0 && kx < kColumns) W::dot(sums[i], a, w[kx]);
      }
    }
  }
#pragma GCC unroll 8
  for (int32_t i = 0; i < kPixels; ++i) taps.put(to + i * channels, clamped(sums[i], low, high));
}

// kColumns 0: of any window. Pixels [first, last) have windows that lie inside; those that fill no tile are written in one
// that ends with the last of them, and some a second time.
template <int32_t kColumns, int32_t kStride, class W, bool kWhole>
DIMPLE_INLINE void write_row(const FloatTaps<W, kWhole>& taps, const ops::Window& window, int32_t in_width,
                             int32_t out_width, float* to) {
  const int32_t pad = window.pad_left;
  const auto column_of = [&](int32_t x) { return x * window.stride_w - pad; };
  int32_t x = 0;
  const auto write_until = [&](int32_t end) {
    for (; x < end; ++x) {
      const ops::TapRange columns = ops::taps_inside(column_of(x), window.kernel_w, in_width, window.dilation_w);
      write_pixel(taps, column_of(x), window.dilation_w, columns, to + x * taps.channels);
    }
  };
  if constexpr (kColumns > 0) {
    constexpr int32_t kTile = W::kColumnTile;
    const int32_t first = (pad + kStride - 1) / kStride, room = in_width + pad - kColumns;
    const int32_t last = room < 0 ? 0 : min_of(out_width, room / kStride + 1);
    if (last - first >= kTile) {
      write_until(first);
      for (; x < last; x += kTile) {
        x = min_of(x, last - kTile);
        write_pixels<kColumns, kStride>(taps, column_of(x), to + x * taps.channels);
      }
    }
  }
  write_until(out_width);
}

template <bool kWhole, class W>
DIMPLE_INLINE void write_depthwise_row(const ops::Call& call, const ops::Window& window, int32_t y, int32_t channel) {
  const FloatTaps<W, kWhole> taps(call, window, y * window.stride_h - window.pad_top, channel);
  const int32_t in_width = call.in[0].width, out_width = call.out.width;
  float* const to = static_cast<float*>(call.out.data) + y * out_width * taps.channels + channel;
  if constexpr (!kWhole && !W::kMasksLanes) return write_row<0, 0>(taps, window, in_width, out_width, to);
  with_known_columns(
      window, [&]<int32_t kColumns, int32_t kStride>() __attribute__((always_inline)) {
        write_row<kColumns, kStride>(taps, window, in_width, out_width, to);
      });
}

template <class W>
DIMPLE_INLINE void convolve_depthwise_f32(const ops::Call& call, ops::Range rows) {
  const ops::Window window = ops::attributes_of<ops::DepthwiseConv2d>(call).window;
  for (int32_t y = rows.first; y < rows.last; ++y) {
    int32_t channel = 0;
    for (; channel + W::kLanes <= call.out.channels; channel += W::kLanes)
      write_depthwise_row<true, W>(call, window, y, channel);
    if (channel < call.out.channels) write_depthwise_row<false, W>(call, window, y, channel);
  }
}

}  // namespace dimple::kernels::vectors
