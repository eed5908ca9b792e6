// Depthwise convolution of floats, straight from the input: kLanes channels side by side, a tap at a time. Where the windows
// of kColumnTile pixels lie inside, each value of a row is loaded once for all of them; at the borders each pixel takes
// the taps that it has.
//
// Words of W beside those of Floats: kColumnTile, load_some(from, count).
#pragma once
#include "kernels/vectors/known_windows.h"
#include "kernels/vectors/vector.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

namespace dimple::kernels::vectors {

// Channels [channel, channel + count) of pixels of one row of the output, `taps` of the window.
template <class W, bool kWhole>
struct FloatTaps {
  const ops::Call& call;
  const ops::Window& window;
  int32_t channel, count;
  ops::TapRange rows;

  // kWhole: all lanes are there.
  DIMPLE_INLINE typename W::Sums some(const float* from) const {
    return kWhole ? load<typename W::Sums>(from) : W::load_some(from, count);
  }
  DIMPLE_INLINE void put(float* to, const typename W::Sums& sums) const {
    const typename W::Sums none{}, v = clamped(sums, none + call.clamp_low_f32, none + call.clamp_high_f32);
    kWhole ? store(to, v) : W::store_some(to, v, count);
  }

  DIMPLE_INLINE const float* values_at(int32_t origin, int32_t ky) const {
    return static_cast<const float*>(call.in[0].data) + channel +
           int64_t{origin + ky * window.dilation_h * call.in[0].width} * call.out.channels;
  }
  DIMPLE_INLINE const float* weights_at(int32_t ky) const {
    return static_cast<const float*>(call.weight) + channel + ky * window.kernel_w * call.out.channels;
  }

  // One pixel, from the input's pixel under tap (0, 0).
  DIMPLE_INLINE void write_pixel(int32_t origin, ops::TapRange columns, float* to) const {
    const int32_t channels = call.out.channels;
    typename W::Sums sums = some(static_cast<const float*>(call.bias) + channel);
    for (int32_t ky = rows.first; ky < rows.last; ++ky) {
      const float *values = values_at(origin, ky), *weights = weights_at(ky);
      for (int32_t kx = columns.first; kx < columns.last; ++kx)
        W::dot(sums, some(values + kx * window.dilation_w * channels), some(weights + kx * channels));
    }
    put(to, sums);
  }

  // kColumnTile pixels of a window of kColumns columns that lies inside; each value is loaded once.
  template <int32_t kColumns, int32_t kStride>
  DIMPLE_INLINE void write_pixels(int32_t origin, float* to) const {
    constexpr int32_t kPixels = W::kColumnTile;
    const int32_t channels = call.out.channels;
    typename W::Sums sums[kPixels];
    const typename W::Sums bias = some(static_cast<const float*>(call.bias) + channel);
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) sums[i] = bias;
    for (int32_t ky = rows.first; ky < rows.last; ++ky) {
      const float *values = values_at(origin, ky), *weights = weights_at(ky);
      typename W::Sums w[kColumns];
#pragma GCC unroll 8
      for (int32_t kx = 0; kx < kColumns; ++kx) w[kx] = some(weights + kx * channels);
#pragma GCC unroll 16
      for (int32_t x = 0; x < (kPixels - 1) * kStride + kColumns; ++x) {
        const typename W::Sums a = some(values + x * channels);
#pragma GCC unroll 8
        for (int32_t i = 0; i < kPixels; ++i) {
          const int32_t kx = x - i * kStride;
          if (kx >= 0 && kx < kColumns) W::dot(sums[i], a, w[kx]);
        }
      }
    }
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) put(to + i * channels, sums[i]);
  }
};

// kColumns 0: of any window.
template <int32_t kColumns, int32_t kStride, class W, bool kWhole>
DIMPLE_INLINE void write_row(const FloatTaps<W, kWhole>& taps, int32_t top, float* to) {
  const ops::Window& window = taps.window;
  const ops::Tensor &in = taps.call.in[0], &out = taps.call.out;
  const auto columns_at = [&](int32_t x) {
    return ops::taps_inside(x * window.stride_w - window.pad_left, window.kernel_w, in.width, window.dilation_w);
  };
  const auto inside = [&](int32_t x) {
    const ops::TapRange columns = columns_at(x);
    return columns.first == 0 && columns.last == window.kernel_w;
  };
  for (int32_t x = 0; x < out.width;) {
    const int32_t origin = top * in.width + x * window.stride_w - window.pad_left;
    float* const here = to + x * out.channels + taps.channel;
    if constexpr (kColumns > 0)
      if (x + W::kColumnTile <= out.width && inside(x) && inside(x + W::kColumnTile - 1)) {
        taps.template write_pixels<kColumns, kStride>(origin, here);
        x += W::kColumnTile;
        continue;
      }
    taps.write_pixel(origin, columns_at(x), here);
    ++x;
  }
}

template <class W, bool kWhole>
DIMPLE_INLINE void write_depthwise_row(const FloatTaps<W, kWhole>& taps, int32_t top, float* to) {
  with_known_columns(
      taps.window, [&]<int32_t kColumns, int32_t kStride>()
                       __attribute__((always_inline)) { write_row<kColumns, kStride>(taps, top, to); });
}

template <class W>
DIMPLE_INLINE void convolve_depthwise_f32(const ops::Call& call, ops::Range rows) {
  const ops::Window& window = ops::attributes_of<ops::DepthwiseConv2d>(call).window;
  auto* to = static_cast<float*>(call.out.data) + ops::elements_of(call.out, rows).first;
  for (int32_t y = rows.first; y < rows.last; ++y, to += call.out.width * call.out.channels) {
    const int32_t top = y * window.stride_h - window.pad_top;
    const ops::TapRange inside = ops::taps_inside(top, window.kernel_h, call.in[0].height, window.dilation_h);
    int32_t channel = 0;
    for (; channel + W::kLanes <= call.out.channels; channel += W::kLanes)
      write_depthwise_row(FloatTaps<W, true>{call, window, channel, W::kLanes, inside}, top, to);
    if (channel < call.out.channels)
      write_depthwise_row(FloatTaps<W, false>{call, window, channel, call.out.channels - channel, inside}, top, to);
  }
}

}  // namespace dimple::kernels::vectors
