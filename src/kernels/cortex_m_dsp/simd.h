// Two 16-bit numbers in a word, as the DSP instructions of Cortex-M4, M7 and M33 know them. Written as the instructions
// themselves: compilers have no word for the rotated ones, which save an instruction each.
#pragma once
#include "base/platform.h"

namespace dimple::kernels::cortex_m_dsp {

// The same number twice.
constexpr uint32_t both(int32_t number) {
  const uint32_t half = static_cast<uint32_t>(number) & 0xFFFFu;
  return half << 16 | half;
}

// Of four codes, numbers 0 and 2, or 1 and 3, in 16 bits, plus a number each. Nothing is carried from one half to the
// other.
inline uint32_t widen_even(uint32_t codes, uint32_t plus) {
  uint32_t wide;
  asm("sxtab16 %0, %1, %2" : "=r"(wide) : "r"(plus), "r"(codes));
  return wide;
}
inline uint32_t widen_odd(uint32_t codes, uint32_t plus) {
  uint32_t wide;
  asm("sxtab16 %0, %1, %2, ror #8" : "=r"(wide) : "r"(plus), "r"(codes));
  return wide;
}
inline uint32_t widen_even(uint32_t codes) {
  uint32_t wide;
  asm("sxtb16 %0, %1" : "=r"(wide) : "r"(codes));
  return wide;
}
inline uint32_t widen_odd(uint32_t codes) {
  uint32_t wide;
  asm("sxtb16 %0, %1, ror #8" : "=r"(wide) : "r"(codes));
  return wide;
}

// sum + a.low * b.low + a.high * b.high
inline int32_t add_products(int32_t sum, uint32_t a, uint32_t b) {
  int32_t more;
  asm("smlad %0, %1, %2, %3" : "=r"(more) : "r"(a), "r"(b), "r"(sum));
  return more;
}

}  // namespace dimple::kernels::cortex_m_dsp
