// The integer form of a function of one number: a table that the host fills in when it plans (value_at
// in the operator's header), so that every machine gives the same bits and none computes an exponential. It takes the
// weight's place in the call, and table[code + 128] is the code that comes out.
#pragma once
#include "ops/kernel_call.h"

namespace dimple::ops {

inline void look_up(const Call& call, Range rows) {
  const auto* table = static_cast<const int8_t*>(call.weight) + kCodes / 2;
  const auto* from = static_cast<const int8_t*>(call.in[0].data);
  auto* to = static_cast<int8_t*>(call.out.data);
  const Range elements = elements_of(call.out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i) to[i] = table[from[i]];
}

// The float form of the same operators.
template <class F>
void map_floats(const Call& call, Range rows, F f) {
  const auto* from = static_cast<const float*>(call.in[0].data);
  auto* to = static_cast<float*>(call.out.data);
  const Range elements = elements_of(call.out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i) to[i] = f(from[i]);
}

}  // namespace dimple::ops
