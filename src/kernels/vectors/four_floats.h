// Floats of machines whose vectors hold four: one vector for depthwise convolutions, means and maps, and two side by
// side for products. Lanes that are not there are neither read nor written.
//
// Words of S: multiply_add(sum, a, b), of vectors.
#pragma once
#include "kernels/vectors/pair.h"

namespace dimple::kernels::vectors {

using F32x4 [[gnu::vector_size(16)]] = float;
using PairOfFloats = Two<F32x4>;

// The first `count` of four; at least one.
DIMPLE_INLINE void store_some_of_four(float* to, const F32x4& v, int32_t count) {
  if (count >= 4) return store(to, v);
  to[0] = v[0];
  if (count > 1) to[1] = v[1];
  if (count > 2) to[2] = v[2];
}

template <class S>
struct FourFloats {
  using Sums = F32x4;
  using Ints = S32x4;
  static constexpr int32_t kLanes = 4, kColumnTile = 4;
  static constexpr bool kMasksLanes = false;

  DIMPLE_INLINE static Sums spread(const float* value) { return Sums{*value, *value, *value, *value}; }
  DIMPLE_INLINE static void dot(Sums& sums, const Sums& a, const Sums& b) { S::multiply_add(sums, a, b); }
  DIMPLE_INLINE static Sums load_some(const float* from, int32_t count) {
    if (count >= kLanes) return load<Sums>(from);
    Sums v{from[0]};
    if (count > 1) v[1] = from[1];
    if (count > 2) v[2] = from[2];
    return v;
  }
  DIMPLE_INLINE static void store_some(float* to, const Sums& v, int32_t count) { store_some_of_four(to, v, count); }
};

template <class S>
struct EightFloats {
  using Sums = PairOfFloats;
  static constexpr int32_t kLanes = 8;

  DIMPLE_INLINE static F32x4 spread(const float* value) { return FourFloats<S>::spread(value); }
  DIMPLE_INLINE static void dot(Sums& sums, const F32x4& a, const Sums& weights) {
    S::multiply_add(sums.low, a, weights.low);
    S::multiply_add(sums.high, a, weights.high);
  }
  DIMPLE_INLINE static void dot(Sums& sums, const Sums& a, const Sums& weights) {
    S::multiply_add(sums.low, a.low, weights.low);
    S::multiply_add(sums.high, a.high, weights.high);
  }
  DIMPLE_INLINE static void store_some(float* to, const Sums& v, int32_t count) {
    store_some_of_four(to, v.low, count);
    if (count > 4) store_some_of_four(to + 4, v.high, count - 4);
  }
};

}  // namespace dimple::kernels::vectors
