// From the sums of 8 output channels to their codes, as the reference does it:
//   to_s8(scale_rounded(sum, multiplier, shift) + zero_point, clamp_low, clamp_high)
#pragma once
#include "kernels/avx2/simd.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::avx2 {

// (sum * multiplier + 2^(shift - 1)) >> shift of lanes 0, 2, 4, 6, between low and high.
//
// AVX2 shifts 64-bit lanes in zeros, not in copies of the sign. With x = product + rounding, |x| < 2^62 + 2^61, and
// since 2^shift divides 2^63
//   floor(x / 2^shift) = floor((x + 2^63) / 2^shift) - 2^63 / 2^shift
// where x + 2^63 lies in [0, 2^64): as an unsigned number it is shifted as it should be.
DIMPLE_INLINE S64x4 scale_even(const S32x8& sums, const S32x8& multiplier, const U64x4& shift, int64_t low,
                               int64_t high) {
  const U64x4 one = U64x4{} + 1, sign = one << 63;
  const U64x4 moved = as<U64x4>(multiply_even(sums, multiplier)) + (one << (shift - 1)) + sign;
  const S64x4 scaled = as<S64x4>((moved >> shift) - (sign >> shift));
  const S64x4 lowest = S64x4{} + low, highest = S64x4{} + high;
  const S64x4 not_above = scaled > highest ? highest : scaled;
  return lowest > not_above ? lowest : not_above;
}

// Eight output channels of a call, or the `count` that are left.
struct Rescale {
  S32x8 multiplier, shift;
  int64_t low, high;  // of a code, less the zero point: |.| <= 255, so scale_rounded's own limits are far away
  int32_t zero_point;

  DIMPLE_INLINE Rescale(const ops::Call& call, int32_t channel, int32_t count)
      : multiplier(load_some(call.multiplier + channel, count, 0)),
        shift(load_some(call.shift + channel, count, 1)),
        low(call.clamp_low - call.out.zero_point),
        high(call.clamp_high - call.out.zero_point),
        zero_point(call.out.zero_point) {}

  DIMPLE_INLINE S8x8 operator()(const S32x8& sums) const {
    const U64x4 even_lanes = U64x4{} + 0xFFFFFFFFu;
    const auto odd = [](const S32x8& v) { return as<U64x4>(v) >> 32; };
    const S64x4 at_even = scale_even(sums, multiplier, as<U64x4>(shift) & even_lanes, low, high);
    const S64x4 at_odd = scale_even(as<S32x8>(odd(sums)), as<S32x8>(odd(multiplier)), odd(shift), low, high);
    const S32x8 scaled = as<S32x8>((as<U64x4>(at_even) & even_lanes) | as<U64x4>(at_odd) << 32);
    return low_bytes(scaled + zero_point);
  }
};

}  // namespace dimple::kernels::avx2
