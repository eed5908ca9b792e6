// From the sums of a block of output channels to their codes, as the reference does it:
//   to_s8(scale_rounded(sum, multiplier, shift) + zero_point, clamp_low, clamp_high)
//
// With s = shift - 32 in 1 .. 22, in 32 bits. For integers floor(floor(x) / n) = floor(x / n), so
//   (sum * multiplier + 2^(shift - 1)) >> shift  =  (high + 2^(s - 1)) >> s,   high = (sum * multiplier) >> 32
// and a whole number is added behind a shift or, times 2^s, in front of it:
//   ... + zero_point  =  (high + 2^(s - 1) + zero_point * 2^s) >> s
// |high| <= 2^30, 2^(s - 1) <= 2^21, |zero_point * 2^s| <= 2^29: the sum stays below 2^31. scale_rounded's own limits lie
// far beyond all codes. Other shifts, which no trained network has, go lane by lane in 64 bits.
//
// Words of W: kLanes, Sums, Multiplier (made of a vector of multipliers), multiply_high(Sums, Multiplier),
// any_negative(Sums).
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/vector.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

// The head of a block (format/layout.h).
template <class W>
struct Head {
  const int32_t* at;
  int32_t row_lanes;  // more than a vector's where several share a block

  DIMPLE_INLINE explicit Head(const void* block, int32_t lanes = W::kLanes)
      : at(static_cast<const int32_t*>(block)), row_lanes(lanes) {}

  DIMPLE_INLINE typename W::Sums bias() const { return row(0); }
  DIMPLE_INLINE typename W::Sums shift() const { return row(3); }
  DIMPLE_INLINE typename W::Sums row(int32_t i) const { return load<typename W::Sums>(at + i * row_lanes); }
};

template <class W>
struct Rescale {
  typename W::Multiplier multiplier;
  typename W::Sums rounding, shift;

  DIMPLE_INLINE explicit Rescale(Head<W> head) : multiplier(head.row(1)), rounding(head.row(2)), shift(head.shift()) {}

  DIMPLE_INLINE typename W::Sums operator()(const typename W::Sums& sums) const {
    return (W::multiply_high(sums, multiplier) + rounding) >> shift;
  }
};

// Of neighbouring channels of a pixel.
DIMPLE_INLINE void rescale_in_64_bits(const ops::Call& call, int32_t channel, int32_t count, int32_t* sums) {
  for (int32_t i = 0; i < count; ++i)
    sums[i] = scale_rounded(sums[i], call.multiplier[channel + i], call.shift[channel + i]) + call.out.zero_point;
}

}  // namespace dimple::kernels::vectors
