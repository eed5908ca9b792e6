// Vectors of 32 bytes in the compiler's own words: its intrinsic headers want a C library. Every function is inlined,
// since no other file may come upon code that was compiled for AVX2.
#pragma once
#include "base/platform.h"

namespace dimple::kernels::avx2 {

#define DIMPLE_INLINE [[gnu::always_inline]] inline

using S8x8 [[gnu::vector_size(8)]] = int8_t;
using S8x16 [[gnu::vector_size(16)]] = int8_t;
using S8x32 [[gnu::vector_size(32)]] = int8_t;
using S16x16 [[gnu::vector_size(32)]] = int16_t;
using S32x8 [[gnu::vector_size(32)]] = int32_t;
using S64x4 [[gnu::vector_size(32)]] = int64_t;
using U64x4 [[gnu::vector_size(32)]] = uint64_t;

// The same bits.
template <class To, class From>
DIMPLE_INLINE To as(const From& v) {
  static_assert(sizeof(To) == sizeof(From));
  return reinterpret_cast<To>(v);
}

template <class V>
DIMPLE_INLINE V load(const void* from) {
  V v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}
template <class V>
DIMPLE_INLINE void store(void* to, const V& v) {
  __builtin_memcpy(to, &v, sizeof v);
}

// The first `count` lanes; the others are `other`.
DIMPLE_INLINE S32x8 load_some(const int32_t* from, int32_t count, int32_t other) {
  if (count >= 8) return load<S32x8>(from);
  S32x8 v = S32x8{} + other;
  for (int32_t i = 0; i < count; ++i) v[i] = from[i];
  return v;
}
DIMPLE_INLINE void store_some(int8_t* to, const S8x8& v, int32_t count) {
  if (count >= 8) return store(to, v);
  for (int32_t i = 0; i < count; ++i) to[i] = v[i];
}

DIMPLE_INLINE S16x16 widen(const S8x16& v) { return __builtin_convertvector(v, S16x16); }

// Four 16-bit numbers, four times.
DIMPLE_INLINE S16x16 spread4(const int16_t* from) { return as<S16x16>(S64x4{} + load<int64_t>(from)); }

// a[2i] * b[2i] + a[2i + 1] * b[2i + 1]. It overflows only where all four are -2^15.
DIMPLE_INLINE S32x8 multiply_pairs(const S16x16& a, const S16x16& b) {
  using Builtin [[gnu::vector_size(32)]] = short;
  using Sums [[gnu::vector_size(32)]] = int;
  return as<S32x8>(static_cast<Sums>(__builtin_ia32_pmaddwd256(as<Builtin>(a), as<Builtin>(b))));
}

// Sums of neighbours: those of a, then those of b. Shuffles within halves of 16 bytes are one instruction each, so the
// halves are put in order last, by pairs of lanes.
DIMPLE_INLINE S32x8 add_neighbours(const S32x8& a, const S32x8& b) {
  const S32x8 sums = __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) +
                     __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
  return as<S32x8>(__builtin_shufflevector(as<S64x4>(sums), as<S64x4>(sums), 0, 2, 1, 3));
}

// The lowest byte of each lane. Compilers would take a conversion apart, lane by lane.
DIMPLE_INLINE S8x8 low_bytes(const S32x8& v) {
  const S8x32 bytes = as<S8x32>(v);
  const S32x8 halves =
      as<S32x8>(__builtin_shufflevector(bytes, bytes, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 16, 20, 24,
                                        28, 16, 20, 24, 28, 16, 20, 24, 28, 16, 20, 24, 28));
  using S32x2 [[gnu::vector_size(8)]] = int32_t;
  return as<S8x8>(S32x2{halves[0], halves[4]});
}

// Whole products of lanes 0, 2, 4, 6.
DIMPLE_INLINE S64x4 multiply_even(const S32x8& a, const S32x8& b) {
  using Words [[gnu::vector_size(32)]] = int;
  return as<S64x4>(__builtin_ia32_pmuldq256(as<Words>(a), as<Words>(b)));
}

}  // namespace dimple::kernels::avx2
