// The instructions of Helium that the kernels use beside their assembly, under readable names, a line of assembly each.
// `count`: so many elements are read or written; of what is read, the rest is zero.
#pragma once
#include "base/platform.h"

namespace dimple::kernels::helium {

using Bytes = int8_t __attribute__((vector_size(16)));
using Halves = int16_t __attribute__((vector_size(16)));
using Words = int32_t __attribute__((vector_size(16)));

DIMPLE_INLINE Bytes load_bytes(const int8_t* from, int32_t count) {
  Bytes v;
  asm volatile("vctp.8 %2\nvpst\nvldrbt.u8 %q0, [%1]" : "=w"(v) : "r"(from), "r"(count) : "memory");
  return v;
}
DIMPLE_INLINE void store_bytes(int8_t* to, const Bytes& v, int32_t count) {
  asm volatile("vctp.8 %2\nvpst\nvstrbt.8 %q1, [%0]" ::"r"(to), "w"(v), "r"(count) : "memory");
}
DIMPLE_INLINE Bytes sixteen_times(int8_t code) {
  Bytes v;
  asm("vdup.8 %q0, %1" : "=w"(v) : "r"(code));
  return v;
}

// sum + the products of all sixteen.
DIMPLE_INLINE int32_t add_dot(int32_t sum, const Bytes& a, const Bytes& b) {
  asm("vmladava.s8 %0, %q1, %q2" : "+Te"(sum) : "w"(a), "w"(b));
  return sum;
}

// Codes in 16 bits.
DIMPLE_INLINE Halves widen_codes(const int8_t* from, int32_t count) {
  Halves v;
  asm volatile("vctp.16 %2\nvpst\nvldrbt.s16 %q0, [%1]" : "=w"(v) : "l"(from), "r"(count) : "memory");
  return v;
}
DIMPLE_INLINE void store_codes(int8_t* to, const Halves& v, int32_t count) {
  asm volatile("vctp.16 %2\nvpst\nvstrbt.16 %q1, [%0]" ::"l"(to), "w"(v), "r"(count) : "memory");
}

// Products of numbers 0, 2, 4, 6, or 1, 3, 5, 7.
DIMPLE_INLINE Words multiply_even(const Halves& a, const Halves& b) {
  Words v;
  asm("vmullb.s16 %q0, %q1, %q2" : "=&w"(v) : "w"(a), "w"(b));
  return v;
}
DIMPLE_INLINE Words multiply_odd(const Halves& a, const Halves& b) {
  Words v;
  asm("vmullt.s16 %q0, %q1, %q2" : "=&w"(v) : "w"(a), "w"(b));
  return v;
}

// Of eight numbers, every second one from the first on; and the way back.
DIMPLE_INLINE Words load_every_second(const int32_t* from) {
  const Words offsets{0, 8, 16, 24};
  Words v;
  asm volatile("vldrw.u32 %q0, [%1, %q2]" : "=&w"(v) : "r"(from), "w"(offsets) : "memory");
  return v;
}
DIMPLE_INLINE void store_every_second(int32_t* to, const Words& v) {
  for (int32_t i = 0; i < 4; ++i) to[2 * i] = v[i];
}

// The upper words of the products, plus numbers, shifted to the right.
DIMPLE_INLINE Words rescale(const Words& sums, const Words& multiplier, const Words& plus, const Words& shift) {
  Words high, code;
  asm("vmulh.s32 %q0, %q1, %q2" : "=w"(high) : "w"(sums), "w"(multiplier));
  asm("vshl.s32 %q0, %q1, %q2" : "=w"(code) : "w"(high + plus), "w"(-shift));
  return code;
}

// Both saturated to 16 bits, side by side again, and clamped.
DIMPLE_INLINE Halves clamp_codes(const Words& even, const Words& odd, int32_t low, int32_t high) {
  Halves v;
  asm("vqmovnb.s32 %q0, %q1\nvqmovnt.s32 %q0, %q2" : "=&w"(v) : "w"(even), "w"(odd));
  asm("vmax.s16 %q0, %q0, %q1" : "+w"(v) : "w"(Halves{} + static_cast<int16_t>(low)));
  asm("vmin.s16 %q0, %q0, %q1" : "+w"(v) : "w"(Halves{} + static_cast<int16_t>(high)));
  return v;
}

}  // namespace dimple::kernels::helium
