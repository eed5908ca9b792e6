// A clamp: the caller puts the codes (or values) of the bounds into the call.
#pragma once
#include "base/fixed_point.h"
#include "ops/kernel_call.h"

namespace dimple::ops {

inline void clamp_tensor_s8(const Call& call, Range rows) {
  const auto* from = static_cast<const int8_t*>(call.in[0].data);
  auto* to = static_cast<int8_t*>(call.out.data);
  const Range elements = elements_of(call.out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i) to[i] = to_s8(from[i], call.clamp_low, call.clamp_high);
}

inline void clamp_tensor_f32(const Call& call, Range rows) {
  const auto* from = static_cast<const float*>(call.in[0].data);
  auto* to = static_cast<float*>(call.out.data);
  const Range elements = elements_of(call.out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i)
    to[i] = clamp(from[i], call.clamp_low_f32, call.clamp_high_f32);
}

}  // namespace dimple::ops
