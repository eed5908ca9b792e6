// Clamps of activations that stand alone, of codes or floats.
//
// Words of W: kBytes of a vector.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/channels.h"
#include "kernels/vectors/store_codes.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

// f: of a vector, and g: of one number.
template <class W, class T, class F, class G>
DIMPLE_INLINE void map_vectors(const ops::Call& call, ops::Range rows, F&& f, G&& g) {
  using V = typename VectorOf<T, W::kBytes>::Type;
  constexpr int32_t kLanes = kLanesOf<V, T>;
  const auto* from = static_cast<const T*>(call.in[0].data);
  auto* to = static_cast<T*>(call.out.data);
  const ops::Range elements = ops::elements_of(call.out, rows);
  int32_t i = elements.first;
  for (; i + kLanes <= elements.last; i += kLanes) store(to + i, f(load<V>(from + i)));
  for (; i < elements.last; ++i) to[i] = g(from[i]);
}

template <class W>
DIMPLE_INLINE void clamp_s8(const ops::Call& call, ops::Range rows) {
  const int32_t low = call.clamp_low, high = call.clamp_high;
  map_vectors<W, int8_t>(
      call, rows,
      [&](const auto& codes) {
        return clamped_codes(codes, {low, high, 0});
      },
      [&](int8_t code) { return to_s8(code, low, high); });
}

template <class W>
DIMPLE_INLINE void clamp_f32(const ops::Call& call, ops::Range rows) {
  using V = typename VectorOf<float, W::kBytes>::Type;
  const float low = call.clamp_low_f32, high = call.clamp_high_f32;
  map_vectors<W, float>(
      call, rows, [&](const V& values) { return clamped(values, V{} + low, V{} + high); },
      [&](float value) { return clamp(value, low, high); });
}

}  // namespace dimple::kernels::vectors
