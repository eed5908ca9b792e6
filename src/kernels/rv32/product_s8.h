// The product behind convolutions and dense layers: the codes under the windows of up to four pixels, times four output
// channels at a time. A tile's sixteen sums, four weights and the pointers stay in registers: 32 multiplications and
// additions for 8 loads, which extend signs for nothing.
//
// Exact: the sums are the reference's own, moved by what the head's bias takes off again, modulo 2^32 (uint32_t, since
// they may pass 2^31 on the way); sum_fits bounded the sum that comes out.
#pragma once
#include "kernels/rv32/rescale.h"

namespace dimple::kernels::rv32 {

inline constexpr int32_t kLanes = 4, kPixels = 4;
using Head = chips::Head<kLanes>;

struct Product {
  const ops::Call& call;
  int32_t codes;  // under a window
  int32_t block_bytes;
  bool narrow;

  DIMPLE_INLINE Product(const ops::Call& c, int32_t window_codes)
      : call(c),
        codes(window_codes),
        block_bytes(static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window_codes * kLanes, 16)),
        narrow(chips::all_narrow<kLanes>(c, block_bytes)) {}
};

template <int32_t kCount>
DIMPLE_INLINE void add_products(const int8_t* const (&codes)[kCount], int32_t k, const int8_t* weights,
                                uint32_t (&sums)[kCount][kLanes]) {
#pragma GCC unroll 4
  for (int32_t c = 0; c < kLanes; ++c) {
    const int32_t weight = weights[k * kLanes + c];
#pragma GCC unroll 4
    for (int32_t i = 0; i < kCount; ++i) sums[i][c] += static_cast<uint32_t>(codes[i][k] * weight);
  }
}

// All channels of pixels whose windows lie `step` apart.
template <int32_t kCount>
[[gnu::noinline]] static void write_pixels(const Product& p, const int8_t* from, int32_t step, int8_t* to) {
  const int32_t channels = p.call.out.channels, low = p.call.clamp_low, high = p.call.clamp_high;
  const auto* block = static_cast<const char*>(p.call.weight);
  for (int32_t channel = 0; channel < channels; channel += kLanes, block += p.block_bytes, to += kLanes) {
    const auto* const head = reinterpret_cast<const Head*>(block);
    const auto* weights = reinterpret_cast<const int8_t*>(head + 1);
    uint32_t sums[kCount][kLanes];
#pragma GCC unroll 16
    for (int32_t i = 0; i < kCount * kLanes; ++i)
      sums[i / kLanes][i % kLanes] = static_cast<uint32_t>(head->bias[i % kLanes]);
    const int8_t* codes[kCount];
#pragma GCC unroll 4
    for (int32_t i = 0; i < kCount; ++i) codes[i] = from + i * step;
    const int8_t* const end = from + p.codes;
    while (end - codes[0] >= 4) {
#pragma GCC unroll 4
      for (int32_t k = 0; k < 4; ++k) add_products(codes, k, weights, sums);
#pragma GCC unroll 4
      for (int32_t i = 0; i < kCount; ++i) codes[i] += 4;
      weights += 4 * kLanes;
    }
    while (codes[0] < end) {
      add_products(codes, 0, weights, sums);
#pragma GCC unroll 4
      for (int32_t i = 0; i < kCount; ++i) ++codes[i];
      weights += kLanes;
    }
    if (p.narrow && channel + kLanes <= channels) {
#pragma GCC unroll 4
      for (int32_t c = 0; c < kLanes; ++c) {
        const int32_t multiplier = head->multiplier[c], rounding = head->rounding[c], shift = head->shift[c];
#pragma GCC unroll 4
        for (int32_t i = 0; i < kCount; ++i)
          to[i * channels + c] = rescale(static_cast<int32_t>(sums[i][c]), multiplier, rounding, shift, low, high);
      }
    } else {
      for (int32_t i = 0; i < kCount; ++i) {
        int32_t lanes[kLanes];
        for (int32_t c = 0; c < kLanes; ++c) lanes[c] = static_cast<int32_t>(sums[i][c]);
        chips::write_codes(p.call, lanes, channel, min_of(kLanes, channels - channel), to + i * channels);
      }
    }
  }
}

}  // namespace dimple::kernels::rv32
