// Written to be read; never made faster. Every other variant must give these bits.
//
// Channels lie side by side in input, weight and output, so kChunk of them are summed up together, tap by tap.
#include "base/fixed_point.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

namespace {
constexpr int32_t kChunk = 16;
}

extern "C" void depthwise_conv2d_s8s8_ref(const DimpleCall* call) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const int32_t channels = out.channels;
  const auto* codes = static_cast<const int8_t*>(in.data);
  const auto* weight = static_cast<const int8_t*>(call->weight);
  const auto* bias = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<int8_t*>(out.data);

  for (int32_t y = 0; y < out.height; ++y) {
    const int32_t top = y * window.stride_h - window.pad_top;
    const Taps rows = taps_inside(top, window.kernel_h, in.height, window.dilation_h);
    for (int32_t x = 0; x < out.width; ++x) {
      const int32_t left = x * window.stride_w - window.pad_left;
      const Taps columns = taps_inside(left, window.kernel_w, in.width, window.dilation_w);
      for (int32_t c = 0; c < channels; c += kChunk) {
        const int32_t chunk = min_of(kChunk, channels - c);
        int32_t sums[kChunk];
        for (int32_t i = 0; i < chunk; ++i) sums[i] = bias[c + i];
        for (int32_t ky = rows.first; ky < rows.last; ++ky) {
          for (int32_t kx = columns.first; kx < columns.last; ++kx) {
            const int32_t pixel = (top + ky * window.dilation_h) * in.width + left + kx * window.dilation_w;
            const int8_t* a = codes + pixel * channels + c;
            const int8_t* w = weight + (ky * window.kernel_w + kx) * channels + c;
            for (int32_t i = 0; i < chunk; ++i) sums[i] += (a[i] - in.zero_point) * w[i];
          }
        }
        for (int32_t i = 0; i < chunk; ++i) {
          const int32_t scaled = scale_rounded(sums[i], call->multiplier[c + i], call->shift[c + i]);
          *to++ = to_s8(scaled + out.zero_point, call->clamp_low, call->clamp_high);
        }
      }
    }
  }
}

extern "C" void depthwise_conv2d_f32_ref(const DimpleCall* call) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const int32_t channels = out.channels;
  const auto* values = static_cast<const float*>(in.data);
  const auto* weight = static_cast<const float*>(call->weight);
  const auto* bias = static_cast<const float*>(call->bias);
  auto* to = static_cast<float*>(out.data);

  for (int32_t y = 0; y < out.height; ++y) {
    const int32_t top = y * window.stride_h - window.pad_top;
    const Taps rows = taps_inside(top, window.kernel_h, in.height, window.dilation_h);
    for (int32_t x = 0; x < out.width; ++x) {
      const int32_t left = x * window.stride_w - window.pad_left;
      const Taps columns = taps_inside(left, window.kernel_w, in.width, window.dilation_w);
      for (int32_t c = 0; c < channels; c += kChunk) {
        const int32_t chunk = min_of(kChunk, channels - c);
        float sums[kChunk];
        for (int32_t i = 0; i < chunk; ++i) sums[i] = bias[c + i];
        for (int32_t ky = rows.first; ky < rows.last; ++ky) {
          for (int32_t kx = columns.first; kx < columns.last; ++kx) {
            const int32_t pixel = (top + ky * window.dilation_h) * in.width + left + kx * window.dilation_w;
            const float* a = values + pixel * channels + c;
            const float* w = weight + (ky * window.kernel_w + kx) * channels + c;
            for (int32_t i = 0; i < chunk; ++i) sums[i] += a[i] * w[i];
          }
        }
        for (int32_t i = 0; i < chunk; ++i) *to++ = clamp(sums[i], call->clamp_low_f32, call->clamp_high_f32);
      }
    }
  }
}
