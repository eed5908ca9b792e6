// Clamps of activations that stand alone, of codes; of floats in map_f32.h.
//
// Words of W: kBytes of a vector.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/channels.h"
#include "kernels/vectors/store_codes.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

template <class W>
DIMPLE_INLINE void clamp_s8(const ops::Call& call, ops::Range rows) {
  using V = typename VectorOf<int8_t, W::kBytes>::Type;
  const Ends ends{call.clamp_low, call.clamp_high, 0};
  const auto* from = static_cast<const int8_t*>(call.in[0].data);
  auto* to = static_cast<int8_t*>(call.out.data);
  const ops::Range elements = ops::elements_of(call.out, rows);
  int32_t i = elements.first;
  for (; i + W::kBytes <= elements.last; i += W::kBytes) store(to + i, clamped_codes(load<V>(from + i), ends));
  for (; i < elements.last; ++i) to[i] = to_s8(from[i], ends.low, ends.high);
}

}  // namespace dimple::kernels::vectors
