// The largest value is taken off first, so that no exponential overflows.
#include "base/exp.h"
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/softmax/softmax.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void softmax_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& out = call->out;
  const int32_t channels = out.channels;
  const Range pixels = pixels_of(out, rows);
  const auto* from = static_cast<const float*>(call->in[0].data) + pixels.first * channels;
  auto* to = static_cast<float*>(out.data) + pixels.first * channels;

  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel, from += channels, to += channels) {
    float largest = from[0];
    for (int32_t c = 1; c < channels; ++c) largest = max_of(largest, from[c]);
    float sum = 0;
    for (int32_t c = 0; c < channels; ++c) {
      to[c] = exp_f32(from[c] - largest);
      sum += to[c];
    }
    for (int32_t c = 0; c < channels; ++c) to[c] /= sum;
  }
}
