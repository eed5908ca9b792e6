// Sums of two tensors. With the zero points and the rounding in one constant, and all of it times 2^8,
//   (2^8 * a * m0 + 2^8 * b * m1 + constant) >> (shift + 8)
//   constant = 2^8 * (2^(shift - 1) - zero0 * m0 - zero1 * m1 + zero_out * 2^shift)
// is the reference's sum: a whole number is added behind a shift or, times 2^shift, in front of it. Where shift + 8 is 32 or
// more, the upper word of the sum alone is shifted. Nothing overflows while it is at most 54: the products stay below
// 2^48, the rounding below 2^54 and the zero point below 2^62. Shifts that no
// trained network has are left to the reference (has_upper_word in scratch.h).
#pragma once
#include "base/fixed_point.h"
#include "kernels/chips/scratch.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::chips {

DIMPLE_INLINE void add_s8(const ops::Call& call, ops::Range rows) {
  const ops::Tensor &in0 = call.in[0], &in1 = call.in[1];
  const int32_t first = call.multiplier[0], second = call.multiplier[1], shift = call.shift[0];
  const ops::Range elements = ops::elements_of(call.out, rows);
  const auto* a = static_cast<const int8_t*>(in0.data) + elements.first;
  const auto* b = static_cast<const int8_t*>(in1.data) + elements.first;
  auto* to = static_cast<int8_t*>(call.out.data) + elements.first;
  const int32_t low = call.clamp_low, high = call.clamp_high;
  int8_t* const end = to + (elements.last - elements.first);
  const int64_t sum_of_none =
      (int64_t{1} << (shift - 1)) - int64_t{first} * in0.zero_point - int64_t{second} * in1.zero_point;
  constexpr int32_t kTimes = 1 << kAddMore;
  const int64_t constant = (sum_of_none + call.out.zero_point * (int64_t{1} << shift)) * kTimes;
  const int32_t upper_shift = shift + kAddMore - 32;
  for (; to < end; ++to) {
    const int64_t sum = constant + int64_t{*a++ * kTimes} * first + int64_t{*b++ * kTimes} * second;
    *to = to_s8(static_cast<int32_t>(sum >> 32) >> upper_shift, low, high);
  }
}

}  // namespace dimple::kernels::chips
