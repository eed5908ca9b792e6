// Written to be read; never made faster. Every other variant must give these bits.
//
// Input and weight are contiguous over (column, channel), so one row of the window is one dot product; when the columns
// are dilated, each tap is one.
#include "base/fixed_point.h"
#include "ops/codebook.h"
#include "ops/conv2d/conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void conv2d_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<Conv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const auto* codes = static_cast<const int8_t*>(in.data);
  const auto* weight = static_cast<const int8_t*>(call->weight);
  const auto* bias = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<int8_t*>(out.data) + elements_of(out, rows).first;

  for_window_positions(window, in, out, rows, [&](const WindowPosition& at) {
    const int32_t taps = window.dilation_w == 1 ? at.columns.count() : 1;  // in one dot product
    for (int32_t oc = 0; oc < out.channels; ++oc) {
      int32_t sum = bias[oc];
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky) {
        for (int32_t kx = at.columns.first; kx < at.columns.last; kx += taps) {
          const int8_t* a = codes + at.pixel(ky, kx) * in.channels;
          const int8_t* w = weight + ((oc * window.kernel_h + ky) * window.kernel_w + kx) * in.channels;
          for (int32_t i = 0; i < taps * in.channels; ++i) sum += (a[i] - in.zero_point) * w[i];
        }
      }
      *to++ = to_s8(scale_rounded(sum, call->multiplier[oc], call->shift[oc]) + out.zero_point, call->clamp_low,
                    call->clamp_high);
    }
  });
}

extern "C" void conv2d_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<Conv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const auto* values = static_cast<const float*>(in.data);
  const auto* weight = static_cast<const float*>(call->weight);
  const auto* bias = static_cast<const float*>(call->bias);
  auto* to = static_cast<float*>(out.data) + elements_of(out, rows).first;

  for_window_positions(window, in, out, rows, [&](const WindowPosition& at) {
    const int32_t taps = window.dilation_w == 1 ? at.columns.count() : 1;  // in one dot product
    for (int32_t oc = 0; oc < out.channels; ++oc) {
      float sum = bias[oc];
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky) {
        for (int32_t kx = at.columns.first; kx < at.columns.last; kx += taps) {
          const float* a = values + at.pixel(ky, kx) * in.channels;
          const float* w = weight + ((oc * window.kernel_h + ky) * window.kernel_w + kx) * in.channels;
          for (int32_t i = 0; i < taps * in.channels; ++i) sum += a[i] * w[i];
        }
      }
      *to++ = clamp(sum, call->clamp_low_f32, call->clamp_high_f32);
    }
  });
}

static int32_t sign(const void* bits, int32_t i) {
  return (static_cast<const uint32_t*>(bits)[i / 32] >> (i % 32) & 1) != 0 ? 1 : -1;
}

// Weights of few bits: value_at(i) is number i of the input, weight_at(channel, i) number i of the weights.
template <class Value, class Weight>
static void sum_windows(const DimpleCall* call, DimpleRange rows, Value value_at, Weight weight_at) {
  const Window& window = attributes_of<Conv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const auto* bias = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<int8_t*>(out.data) + elements_of(out, rows).first;

  for_window_positions(window, in, out, rows, [&](const WindowPosition& at) {
    for (int32_t oc = 0; oc < out.channels; ++oc) {
      int32_t sum = bias[oc];
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky)
        for (int32_t kx = at.columns.first; kx < at.columns.last; ++kx)
          for (int32_t c = 0; c < in.channels; ++c) {
            const int32_t tap = (oc * window.kernel_h + ky) * window.kernel_w + kx;
            sum += value_at(at.pixel(ky, kx) * in.channels + c) * weight_at(oc, tap * in.channels + c);
          }
      *to++ = to_s8(scale_rounded(sum, call->multiplier[oc], call->shift[oc]) + out.zero_point, call->clamp_low,
                    call->clamp_high);
    }
  });
}

static auto code_less_zero_point(const DimpleTensor& in) {
  return [&in](int32_t i) { return static_cast<const int8_t*>(in.data)[i] - in.zero_point; };
}

extern "C" void conv2d_b1_ref(const DimpleCall* call, DimpleRange rows) {
  const auto weight_at = [&](int32_t /*channel*/, int32_t i) { return sign(call->weight, i); };
  sum_windows(
      call, rows, [&](int32_t i) { return sign(call->in[0].data, i); }, weight_at);
}

extern "C" void conv2d_s8_b1_ref(const DimpleCall* call, DimpleRange rows) {
  const auto weight_at = [&](int32_t /*channel*/, int32_t i) { return sign(call->weight, i); };
  sum_windows(call, rows, code_less_zero_point(call->in[0]), weight_at);
}

static void sum_coded_windows(const DimpleCall* call, DimpleRange rows, int32_t bits) {
  sum_windows(call, rows, code_less_zero_point(call->in[0]), [&](int32_t channel, int32_t i) {
    return codebook_of(*call, bits,
                       channel)[code_at(call->weight, static_cast<uint32_t>(bits), static_cast<uint32_t>(i))];
  });
}

extern "C" void conv2d_s8_c4_ref(const DimpleCall* call, DimpleRange rows) { sum_coded_windows(call, rows, 4); }
extern "C" void conv2d_s8_c5_ref(const DimpleCall* call, DimpleRange rows) { sum_coded_windows(call, rows, 5); }
