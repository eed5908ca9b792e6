// Written to be read; never made faster. The integer form's derivation stands in add.h. Works in place on either input.
#include "base/fixed_point.h"
#include "ops/add/add.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void add_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& in0 = call->in[0];
  const DimpleTensor& in1 = call->in[1];
  const auto* a = static_cast<const int8_t*>(in0.data);
  const auto* b = static_cast<const int8_t*>(in1.data);
  auto* to = static_cast<int8_t*>(call->out.data);
  const int64_t multiplier0 = call->multiplier[0], multiplier1 = call->multiplier[1];
  const int32_t shift = call->shift[0];
  const int64_t half = int64_t{1} << (shift - 1);

  const Range elements = elements_of(call->out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i) {
    const int64_t sum = (a[i] - in0.zero_point) * multiplier0 + (b[i] - in1.zero_point) * multiplier1;
    const int64_t code = ((sum + half) >> shift) + call->out.zero_point;
    to[i] = static_cast<int8_t>(clamp<int64_t>(code, call->clamp_low, call->clamp_high));
  }
}

extern "C" void add_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const auto* a = static_cast<const float*>(call->in[0].data);
  const auto* b = static_cast<const float*>(call->in[1].data);
  auto* to = static_cast<float*>(call->out.data);
  const Range elements = elements_of(call->out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i)
    to[i] = clamp(a[i] + b[i], call->clamp_low_f32, call->clamp_high_f32);
}
