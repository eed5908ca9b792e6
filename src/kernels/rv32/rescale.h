// From a sum to its code, in 32 bits: MULH, ADD, SRA, and two branches that are seldom taken.
#pragma once
#include "kernels/chips/head.h"

namespace dimple::kernels::rv32 {

DIMPLE_INLINE int8_t rescale(int32_t sum, int32_t multiplier, int32_t rounding, int32_t shift, int32_t low,
                             int32_t high) {
  const auto product = static_cast<int32_t>(int64_t{sum} * multiplier >> 32);
  return to_s8((product + rounding) >> shift, low, high);
}

}  // namespace dimple::kernels::rv32
