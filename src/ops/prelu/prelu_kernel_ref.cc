// Written to be read; never made faster. Works in place.
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/prelu/prelu.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void prelu_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& in = call->in[0];
  const int32_t channels = in.channels;
  const auto* from = static_cast<const int8_t*>(in.data);
  const auto* slope = static_cast<const int8_t*>(call->weight);
  auto* to = static_cast<int8_t*>(call->out.data);

  const Range elements = elements_of(call->out, rows);
  for (int32_t i = elements.first, c = 0; i < elements.last; ++i, c = c + 1 < channels ? c + 1 : 0) {
    const int32_t x = from[i] - in.zero_point;
    const int32_t term = x > 0 ? x : x * slope[c], scale = x > 0 ? channels : c;
    to[i] = to_s8(scale_rounded(term, call->multiplier[scale], call->shift[scale]) + call->out.zero_point,
                  call->clamp_low, call->clamp_high);
  }
}

extern "C" void prelu_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& in = call->in[0];
  const auto* from = static_cast<const float*>(in.data);
  const auto* slope = static_cast<const float*>(call->weight);
  auto* to = static_cast<float*>(call->out.data);
  const Range elements = elements_of(call->out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i)
    to[i] = from[i] > 0 ? from[i] : from[i] * slope[i % in.channels];
}
