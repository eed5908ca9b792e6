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
// any_negative(Sums). An instruction set that has a better way specialises Rescale. kLateZeroPoint: it leaves the zero
// point to pack, which adds it to narrower numbers.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/store_codes.h"
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

  DIMPLE_INLINE Rescale(Head<W> head, int32_t /*zero_point: in the head*/)
      : multiplier(head.row(1)), rounding(head.row(2)), shift(head.shift()) {}

  DIMPLE_INLINE typename W::Sums operator()(const typename W::Sums& sums) const {
    return (W::multiply_high(sums, multiplier) + rounding) >> shift;
  }
};

// Of a term that operators on single codes make, moved up by k bits before: with s = shift + k - 32 in 1 .. 22
//   (term * multiplier + 2^(shift - 1)) >> shift  =  (high + 2^(s - 1)) >> s,   high = (term * 2^k * multiplier) >> 32
// |high| <= 2^30 while |term * 2^k| < 2^31, as above. `Shift`: one for all lanes, or a vector.
template <class W, class Shift = int32_t>
struct Scale {
  using Sums = typename W::Sums;
  typename W::Multiplier multiplier;
  Shift shift;
  Sums rounding;

  DIMPLE_INLINE Scale(const Sums& m, const Shift& s, int32_t zero_point)
      : multiplier(m), shift(s), rounding(((Sums{} + 1) << (s - 1)) + ((Sums{} + zero_point) << s)) {}

  DIMPLE_INLINE Sums operator()(const Sums& moved) const {
    return (W::multiply_high(moved, multiplier) + rounding) >> shift;
  }
};

template <class W>
DIMPLE_INLINE Ends ends_of(const ops::Call& call) {
  return {call.clamp_low, call.clamp_high, W::kLateZeroPoint ? call.out.zero_point : 0};
}

// Of neighbouring channels, in memory: a pixel behind the other, each with room for `lanes`.
template <class W>
[[gnu::noinline]] static void rescale_in_64_bits(const ops::Call& call, int32_t channel, int32_t lanes, int32_t pixels,
                                                 int32_t* sums) {
  const int32_t count = min_of(lanes, call.out.channels - channel);
  for (int32_t pixel = 0; pixel < pixels; ++pixel, sums += lanes)
    for (int32_t i = 0; i < count; ++i)
      sums[i] = scale_rounded(sums[i], call.multiplier[channel + i], call.shift[channel + i]) +
                (W::kLateZeroPoint ? 0 : call.out.zero_point);
}

// [pixel][block], of neighbouring blocks.
template <class W, int32_t kPixels, int32_t kBlocks>
DIMPLE_INLINE void rescale_tile_in_64_bits(const ops::Call& call, int32_t channel,
                                           typename W::Sums (&sums)[kPixels][kBlocks]) {
  int32_t lanes[kPixels * kBlocks * W::kLanes];
#pragma GCC unroll 32
  for (int32_t i = 0; i < kPixels * kBlocks; ++i) store(lanes + i * W::kLanes, sums[i / kBlocks][i % kBlocks]);
  rescale_in_64_bits<W>(call, channel, kBlocks * W::kLanes, kPixels, lanes);
#pragma GCC unroll 32
  for (int32_t i = 0; i < kPixels * kBlocks; ++i)
    sums[i / kBlocks][i % kBlocks] = load<typename W::Sums>(lanes + i * W::kLanes);
}

}  // namespace dimple::kernels::vectors
