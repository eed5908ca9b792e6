// Written to be read; never made faster. Works in place: a pixel is written where it, or one before it, was read.
#include "base/fixed_point.h"
#include "ops/channel_pool/channel_pool.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void channel_mean_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& in = call->in[0];
  const Range pixels = pixels_of(in, rows);
  const auto* from = static_cast<const int8_t*>(in.data) + pixels.first * in.channels;
  auto* to = static_cast<int8_t*>(call->out.data);

  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel, from += in.channels) {
    int32_t sum = 0;
    for (int32_t c = 0; c < in.channels; ++c) sum += from[c] - in.zero_point;
    to[pixel] = to_s8(scale_rounded(sum, call->multiplier[0], call->shift[0]) + call->out.zero_point, call->clamp_low,
                      call->clamp_high);
  }
}

extern "C" void channel_mean_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& in = call->in[0];
  const Range pixels = pixels_of(in, rows);
  const auto* from = static_cast<const float*>(in.data) + pixels.first * in.channels;
  auto* to = static_cast<float*>(call->out.data);

  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel, from += in.channels) {
    float sum = 0;
    for (int32_t c = 0; c < in.channels; ++c) sum += from[c];
    to[pixel] = sum / static_cast<float>(in.channels);
  }
}
