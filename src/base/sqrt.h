// Square root of a float where there is no libm, rounded to nearest: the same bits as the instruction of larger
// machines.
#pragma once
#include "base/fixed_point.h"
#include "base/memory.h"

namespace dimple {

// x = m * 2^(e - 23) with e even and 2^23 <= m < 2^25, so sqrt(x) = sqrt(m * 2^25) * 2^(e / 2 - 24), and that root has
// 25 bits, one more than a float. Adding the last bit rounds to nearest: a tie would need an odd root whose square is
// exactly m * 2^25, which is even.
inline float sqrt_f32(float x) {
  if (!(x > 0)) return x == 0 ? x : __builtin_nanf("");
  int32_t bits = bit_cast<int32_t>(x);
  if (bits >= 0x7F800000) return x;
  int32_t halved_exponent = 0;
  if (bits < 0x00800000) {  // subnormal: times 2^24, the root times 2^12
    bits = bit_cast<int32_t>(x * 16777216.0f);
    halved_exponent = -12;
  }
  int32_t exponent = (bits >> 23) - 127;
  uint64_t m = static_cast<uint64_t>((bits & 0x007FFFFF) | 0x00800000);
  if ((exponent & 1) != 0) {
    m <<= 1;
    exponent -= 1;
  }
  halved_exponent += exponent / 2;
  const int32_t root = static_cast<int32_t>((integer_sqrt(m << 25) + 1) >> 1);  // 2^23 <= root <= 2^24
  return bit_cast<float>(((halved_exponent + 126) << 23) + root);               // the leading bit adds the missing 1
}

}  // namespace dimple
