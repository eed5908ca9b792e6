// The product behind convolutions and dense layers: the codes under the windows of one or two pixels, times four output
// channels at a time. VMLADAVA multiplies sixteen codes by sixteen weights and adds all products to a sum in a core
// register: a tile of 2 pixels x 4 channels is eight of them, for six loads. What is missing to sixteen codes is not
// read, and is zero.
//
// Exact: the sums are the reference's own, moved by what the head's bias takes off again, modulo 2^32; sum_fits bounded
// the sum that comes out.
#pragma once
#include <arm_mve.h>

#include "kernels/chips/head.h"

namespace dimple::kernels::helium {

inline constexpr int32_t kLanes = 4, kGroup = 16;
using Head = chips::Head<kLanes>;

struct Product {
  const ops::Call& call;
  int32_t codes;  // under a window
  int32_t block_bytes;
  bool narrow;

  DIMPLE_INLINE Product(const ops::Call& c, int32_t window_codes)
      : call(c),
        codes(window_codes),
        block_bytes(static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window_codes, kGroup) * kLanes),
        narrow(chips::all_narrow<kLanes>(c, block_bytes)) {}
};

template <int32_t kPixels>
DIMPLE_INLINE void add_products(const int8x16_t (&codes)[kPixels], const int8_t* weights,
                                int32_t (&sums)[kPixels][kLanes]) {
#pragma GCC unroll 4
  for (int32_t c = 0; c < kLanes; ++c) {
    const int8x16_t w = vldrbq_s8(weights + c * kGroup);
#pragma GCC unroll 2
    for (int32_t i = 0; i < kPixels; ++i) sums[i][c] = vmladavaq_s8(sums[i][c], codes[i], w);
  }
}

// All channels of one or two pixels, whose windows lie side by side.
template <int32_t kPixels>
[[gnu::noinline]] static void write_pixels(const Product& p, const int8_t* from, int8_t* to) {
  const int32_t channels = p.call.out.channels, wholes = p.codes / kGroup, rest = p.codes % kGroup;
  const int32x4_t low = vdupq_n_s32(p.call.clamp_low), high = vdupq_n_s32(p.call.clamp_high);
  const auto* block = static_cast<const char*>(p.call.weight);
  for (int32_t channel = 0; channel < channels; channel += kLanes, block += p.block_bytes) {
    const auto* const head = reinterpret_cast<const Head*>(block);
    const auto* weights = reinterpret_cast<const int8_t*>(head + 1);
    int32_t sums[kPixels][kLanes];
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels * kLanes; ++i) sums[i / kLanes][i % kLanes] = head->bias[i % kLanes];
    const int8_t* at = from;
    int8x16_t codes[kPixels];
    for (int32_t i = wholes; i > 0; --i, at += kGroup, weights += kGroup * kLanes) {
#pragma GCC unroll 2
      for (int32_t k = 0; k < kPixels; ++k) codes[k] = vldrbq_s8(at + k * p.codes);
      add_products(codes, weights, sums);
    }
    if (rest != 0) {
      const mve_pred16_t there = vctp8q(static_cast<uint32_t>(rest));
#pragma GCC unroll 2
      for (int32_t k = 0; k < kPixels; ++k) codes[k] = vldrbq_z_s8(at + k * p.codes, there);
      add_products(codes, weights, sums);
    }
    const mve_pred16_t written = vctp32q(static_cast<uint32_t>(channels - channel));
#pragma GCC unroll 2
    for (int32_t i = 0; i < kPixels; ++i) {
      int8_t* const place = to + i * channels + channel;
      int32_t lanes[kLanes];  // a copy: sums whose address is taken would lie in memory all the time
#pragma GCC unroll 4
      for (int32_t c = 0; c < kLanes; ++c) lanes[c] = sums[i][c];
      if (!p.narrow) {
        chips::write_codes(p.call, lanes, channel, min_of(kLanes, channels - channel), place);
        continue;
      }
      int32x4_t v = vldrwq_s32(lanes);
      v = vaddq_s32(vmulhq_s32(v, vldrwq_s32(head->multiplier)), vldrwq_s32(head->rounding));
      v = vshlq_s32(v, vnegq_s32(vldrwq_s32(head->shift)));
      vstrbq_p_s32(place, vminq_s32(vmaxq_s32(v, low), high), written);
    }
  }
}

}  // namespace dimple::kernels::helium
