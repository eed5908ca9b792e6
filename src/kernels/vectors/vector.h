// Vectors of any width in the compiler's own words: intrinsic headers want a C library. Every function is inlined, since
// no other file may come upon code that was compiled for one instruction set.
//
// The algorithms in this folder are templates over `W`, the words of an instruction set (kernels/<isa>/simd.h). Each says
// which words it needs.
#pragma once
#include "base/platform.h"

namespace dimple::kernels::vectors {

// The same bits.
template <class To, class From>
DIMPLE_INLINE To as(const From& v) {
  static_assert(sizeof(To) == sizeof(From));
  return reinterpret_cast<To>(v);
}

template <class V>
struct Memory {
  DIMPLE_INLINE static V load(const void* from) {
    V v;
    __builtin_memcpy(&v, from, sizeof v);
    return v;
  }
  DIMPLE_INLINE static void store(void* to, const V& v) { __builtin_memcpy(to, &v, sizeof v); }
};

template <class V>
DIMPLE_INLINE V load(const void* from) {
  return Memory<V>::load(from);
}
template <class V>
DIMPLE_INLINE void store(void* to, const V& v) {
  Memory<V>::store(to, v);
}

// a where x is above 0, else b.
template <class V>
DIMPLE_INLINE V where_positive(const V& x, const V& a, const V& b) {
  return x > V{} ? a : b;
}

// Each lane within low .. high; a NaN stays one.
template <class V>
DIMPLE_INLINE V clamped(const V& v, const V& lowest, const V& highest) {
  const V not_below = v < lowest ? lowest : v;
  return not_below > highest ? highest : not_below;
}

}  // namespace dimple::kernels::vectors
