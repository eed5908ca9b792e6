// Written to be read; never made faster.
#include "base/fixed_point.h"
#include "ops/global_pool/global_pool.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void global_average_pool_s8_ref(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const auto* codes = static_cast<const int8_t*>(in.data);
  auto* to = static_cast<int8_t*>(out.data);

  for (int32_t c = 0; c < out.channels; ++c) {
    int32_t sum = 0;
    for (int32_t i = c; i < elements_of(in); i += in.channels) sum += codes[i] - in.zero_point;
    to[c] = to_s8(scale_rounded(sum, call->multiplier[0], call->shift[0]) + out.zero_point, call->clamp_low,
                  call->clamp_high);
  }
}

extern "C" void global_average_pool_f32_ref(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  const DimpleTensor& in = call->in[0];
  const auto* values = static_cast<const float*>(in.data);
  auto* to = static_cast<float*>(call->out.data);

  for (int32_t c = 0; c < in.channels; ++c) {
    float sum = 0;
    for (int32_t i = c; i < elements_of(in); i += in.channels) sum += values[i];
    to[c] = sum / static_cast<float>(in.height * in.width);
  }
}
