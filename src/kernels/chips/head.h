// The head of a block of `lanes` output channels (format/layout.h), and what sums become, as the reference does it.
// Where every shift of a call fits 32 bits, high word + rounding, shifted, is the code (derivation:
// kernels/vectors/rescale.h); the rest, which no trained network has, goes through the reference's own arithmetic.
#pragma once
#include "base/fixed_point.h"
#include "format/layout.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::chips {

template <int32_t kLanes>
struct Head {
  int32_t bias[kLanes], multiplier[kLanes], rounding[kLanes], shift[kLanes];
};

// Whether all shifts of a call's packed weights are those of 32 bits.
template <int32_t kLanes>
[[gnu::noinline]] static bool all_narrow(const ops::Call& call, int32_t block_bytes) {
  const auto* block = static_cast<const char*>(call.weight);
  for (int32_t channel = 0; channel < call.out.channels; channel += kLanes, block += block_bytes)
    for (int32_t lane = 0; lane < kLanes; ++lane)
      if (reinterpret_cast<const Head<kLanes>*>(block)->shift[lane] < 0) return false;
  return true;
}

// Neighbouring channels of a pixel, the slow and plain way.
[[gnu::noinline, gnu::cold]] static void write_codes(const ops::Call& call, const int32_t* sums, int32_t channel,
                                                     int32_t count, int8_t* to) {
  for (int32_t i = 0; i < count; ++i)
    to[i] = to_s8(scale_rounded(sums[i], call.multiplier[channel + i], call.shift[channel + i]) + call.out.zero_point,
                  call.clamp_low, call.clamp_high);
}

}  // namespace dimple::kernels::chips
