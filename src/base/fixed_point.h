// Integer arithmetic of quantised kernels. One rounding rule everywhere: to nearest, halves upwards,
// so that every machine and every variant gives the same bits.
#pragma once
#include "base/platform.h"

namespace dimple {

template <class T>
constexpr T clamp(T value, T low, T high) {
  return value < low ? low : value > high ? high : value;
}
template <class T>
constexpr T min_of(T a, T b) {
  return a < b ? a : b;
}
template <class T>
constexpr T max_of(T a, T b) {
  return a > b ? a : b;
}

// A positive real number below 2^31 as multiplier * 2^-shift, with multiplier in [2^30, 2^31).
struct FixedScale {
  int32_t multiplier = 0;
  int32_t shift = 0;  // 1 .. 62
};

// Scaled sums end here, so that adding a zero point cannot overflow.
inline constexpr int64_t kFarBeyondCodes = int64_t{1} << 30;

// acc * scale, rounded. |acc| < 2^31 and multiplier < 2^31, so the product stays below 2^62 and adding
// 2^(shift-1) <= 2^61 cannot overflow 64 bits.
constexpr int32_t scale_rounded(int32_t acc, int32_t multiplier, int32_t shift) {
  const int64_t product = static_cast<int64_t>(acc) * multiplier;
  const int64_t rounded = (product + (int64_t{1} << (shift - 1))) >> shift;
  return static_cast<int32_t>(clamp<int64_t>(rounded, -kFarBeyondCodes, kFarBeyondCodes));
}

constexpr int8_t to_s8(int32_t value, int32_t low = -128, int32_t high = 127) {
  return static_cast<int8_t>(clamp(value, low, high));
}

// Division rounded to nearest, halves upwards; the divisor is positive.
constexpr int32_t divide_rounded(int32_t value, int32_t divisor) {
  const int64_t twice = 2 * static_cast<int64_t>(value) + divisor;
  const int64_t by = 2 * static_cast<int64_t>(divisor);
  return static_cast<int32_t>(twice >= 0 ? twice / by : -((-twice + by - 1) / by));
}

// floor(sqrt(value)), by bits.
constexpr uint32_t integer_sqrt(uint64_t value) {
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 62; bit != 0; bit >>= 2) {
    if (value >= root + bit) {
      value -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return static_cast<uint32_t>(root);
}

}  // namespace dimple
