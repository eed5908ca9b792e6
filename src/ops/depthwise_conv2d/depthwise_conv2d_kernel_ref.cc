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

extern "C" void depthwise_conv2d_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const int32_t channels = out.channels;
  const auto* codes = static_cast<const int8_t*>(in.data);
  const auto* weight = static_cast<const int8_t*>(call->weight);
  const auto* bias = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<int8_t*>(out.data) + elements_of(out, rows).first;

  for_window_positions(window, in, out, rows, [&](const WindowPosition& at) {
    for (int32_t c = 0; c < channels; c += kChunk) {
      const int32_t chunk = min_of(kChunk, channels - c);
      int32_t sums[kChunk];
      for (int32_t i = 0; i < chunk; ++i) sums[i] = bias[c + i];
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky) {
        for (int32_t kx = at.columns.first; kx < at.columns.last; ++kx) {
          const int8_t* a = codes + at.pixel(ky, kx) * channels + c;
          const int8_t* w = weight + (ky * window.kernel_w + kx) * channels + c;
          for (int32_t i = 0; i < chunk; ++i) sums[i] += (a[i] - in.zero_point) * w[i];
        }
      }
      for (int32_t i = 0; i < chunk; ++i) {
        const int32_t scaled = scale_rounded(sums[i], call->multiplier[c + i], call->shift[c + i]);
        *to++ = to_s8(scaled + out.zero_point, call->clamp_low, call->clamp_high);
      }
    }
  });
}

extern "C" void depthwise_conv2d_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const int32_t channels = out.channels;
  const auto* values = static_cast<const float*>(in.data);
  const auto* weight = static_cast<const float*>(call->weight);
  const auto* bias = static_cast<const float*>(call->bias);
  auto* to = static_cast<float*>(out.data) + elements_of(out, rows).first;

  for_window_positions(window, in, out, rows, [&](const WindowPosition& at) {
    for (int32_t c = 0; c < channels; c += kChunk) {
      const int32_t chunk = min_of(kChunk, channels - c);
      float sums[kChunk];
      for (int32_t i = 0; i < chunk; ++i) sums[i] = bias[c + i];
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky) {
        for (int32_t kx = at.columns.first; kx < at.columns.last; ++kx) {
          const float* a = values + at.pixel(ky, kx) * channels + c;
          const float* w = weight + (ky * window.kernel_w + kx) * channels + c;
          for (int32_t i = 0; i < chunk; ++i) sums[i] += a[i] * w[i];
        }
      }
      for (int32_t i = 0; i < chunk; ++i) *to++ = clamp(sums[i], call->clamp_low_f32, call->clamp_high_f32);
    }
  });
}
