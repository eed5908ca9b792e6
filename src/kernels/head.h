// The head of a packed block (format/layout.h), wherever it is made: when a program is packed, or when a kernel unpacks
// weights of few bits.
#pragma once
#include "format/layout.h"
#include "ops/kernel_call.h"

namespace dimple::kernels {

// Shifts that 32 bits are enough for.
//
// Scaling::shift: |sum * multiplier| < 2^62, so its upper half is below 2^30; with a shift of at most 54 the zero point
// adds less than 2^29 and the rounding 2^21 (kernels/vectors/rescale.h). Scaling::factor: a factor is a whole number up
// to a shift of 52 (kernels/wasm_simd/simd.h).
inline constexpr int32_t kSmallestShift = 33;
constexpr int32_t largest_shift(format::Scaling scaling) { return scaling == format::Scaling::factor ? 52 : 54; }

// The place of one lane, whose weights have this sum.
DIMPLE_INLINE void write_head(const format::LayoutInfo& l, const ops::Call& call, int32_t channel, int32_t weight_sum,
                              int32_t* lane) {
  const int32_t lanes = l.lanes, shift = call.shift[channel];
  const auto moved_by = static_cast<uint32_t>(call.in[0].zero_point + l.moved);
  const auto bias = static_cast<uint32_t>(static_cast<const int32_t*>(call.bias)[channel]);
  lane[0] = static_cast<int32_t>(bias - moved_by * static_cast<uint32_t>(weight_sum));
  lane[lanes] = call.multiplier[channel];
  const bool narrow = shift >= kSmallestShift && shift <= largest_shift(l.scaling);
  if (!narrow) {
    lane[2 * lanes] = 0, lane[3 * lanes] = -1;
  } else if (l.scaling == format::Scaling::factor) {
    lane[2 * lanes] = 1 << (shift - 22), lane[3 * lanes] = 1 << (52 - shift);
  } else {
    lane[2 * lanes] = (1 << (shift - 32)) / 2 + call.out.zero_point * (1 << (shift - 32)), lane[3 * lanes] = shift - 32;
  }
}

}  // namespace dimple::kernels
