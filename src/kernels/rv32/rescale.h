// From a sum to its code, in 32 bits: MULH, ADD, SRA, and two branches that are seldom taken.
#pragma once
#include "kernels/chips/head.h"

namespace dimple::kernels::rv32 {

DIMPLE_INLINE int8_t rescale(int32_t sum, int32_t multiplier, int32_t rounding, int32_t shift, int32_t low,
                             int32_t high) {
  const auto product = static_cast<int32_t>(int64_t{sum} * multiplier >> 32);
  return to_s8((product + rounding) >> shift, low, high);
}

// The words of chips/convolve_bits.h.
struct Counts {
  static constexpr uint32_t kEven = 0x00FF00FF;

  template <int32_t kPlace, class Tables>
  DIMPLE_INLINE static void add_entry(uint32_t (&counts)[4], uint32_t weights, const Tables& tables) {
    const auto* entry = tables[0].entries[weights >> 4 * kPlace & 15];
    asm volatile("" : "+r"(entry));  // a sum for four loads
    for (int32_t i = 0; i < 4; ++i) counts[i] += entry[kPlace * 64 + i];
  }
  DIMPLE_INLINE static void store_pair(uint32_t* to, uint32_t first, uint32_t second) { to[0] = first, to[1] = second; }
  DIMPLE_INLINE static uint32_t add_even_bytes(uint32_t sums, uint32_t bytes) { return sums + (bytes & kEven); }
  DIMPLE_INLINE static uint32_t add_odd_bytes(uint32_t sums, uint32_t bytes) { return sums + (bytes >> 8 & kEven); }
  DIMPLE_INLINE static int32_t rescale(int32_t sum, int32_t multiplier, int32_t rounding, int32_t shift) {
    return rv32::rescale(sum, multiplier, rounding, shift, -128, 127);
  }
};

}  // namespace dimple::kernels::rv32
