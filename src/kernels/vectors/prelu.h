// x where it is positive, slope * x elsewhere, a block of channels at a time: their slopes and scales stay in registers.
//
// Codes, exact: a code's distance x from its zero point has 9 bits, so |x * slope| < 2^15. Moved by 8 bits both terms stay below
// 2^23, and their scales (rescale.h) want shifts of 25 to 46.
//
// Words of W: those of Rescale, load_codes(codes), pair(a, b), multiply_pairs(pairs, pairs), and those of store_codes.h; of
// floats spread, load_some, store_some.
#pragma once
#include "kernels/vectors/map_f32.h"
#include "kernels/vectors/rescale.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

template <class W>
struct PreluBlock {
  using Sums = typename W::Sums;
  int32_t zero_in;
  Scale<W> above;
  Scale<W, Sums> below;
  Sums slopes;

  DIMPLE_INLINE PreluBlock(const ops::Call& call, int32_t c)
      : zero_in(call.in[0].zero_point),
        above(Sums{} + call.multiplier[call.out.channels], call.shift[call.out.channels] - 24, call.out.zero_point),
        below(load<Sums>(call.multiplier + c), load<Sums>(call.shift + c) - 24, call.out.zero_point),
        slopes(W::load_codes(static_cast<const int8_t*>(call.weight) + c) << 8) {}

  DIMPLE_INLINE Sums of(const int8_t* codes) const {
    const Sums x = W::load_codes(codes) - zero_in;
    return where_positive(x, above(x << 8), below(W::multiply_pairs(W::pair(x, Sums{}), slopes)));
  }
};

// The channels from `c` on, fewer than a vector.
DIMPLE_INLINE void prelu_channels(const ops::Call& call, ops::Range pixels, int32_t c) {
  const int32_t channels = call.out.channels, zero_in = call.in[0].zero_point;
  const auto* from = static_cast<const int8_t*>(call.in[0].data);
  const auto* slope = static_cast<const int8_t*>(call.weight);
  auto* to = static_cast<int8_t*>(call.out.data);
  for (; c < channels; ++c)
    for (int32_t i = pixels.first * channels + c; i < pixels.last * channels; i += channels) {
      const int32_t x = from[i] - zero_in, scale = x > 0 ? channels : c;
      to[i] = to_s8(
          scale_rounded(x > 0 ? x : x * slope[c], call.multiplier[scale], call.shift[scale]) + call.out.zero_point,
          call.clamp_low, call.clamp_high);
    }
}

template <class W>
DIMPLE_INLINE void prelu_s8(const ops::Call& call, ops::Range rows) {
  constexpr int32_t kTile = 4;
  const int32_t channels = call.out.channels;
  const ops::Range pixels = ops::pixels_of(call.out, rows);
  const Ends ends{call.clamp_low, call.clamp_high, 0};
  int32_t c = 0;
  for (; c + W::kLanes <= channels; c += W::kLanes) {
    const PreluBlock<W> block(call, c);
    const auto* from = static_cast<const int8_t*>(call.in[0].data) + pixels.first * channels + c;
    auto* to = static_cast<int8_t*>(call.out.data) + pixels.first * channels + c;
    int32_t pixel = pixels.first;
    for (; pixel + kTile <= pixels.last; pixel += kTile, from += kTile * channels, to += kTile * channels) {
      typename W::Sums sums[kTile][1];
#pragma GCC unroll 4
      for (int32_t i = 0; i < kTile; ++i) sums[i][0] = block.of(from + i * channels);
      store_tile<W>(to, channels, sums, ends);
    }
    for (; pixel < pixels.last; ++pixel, from += channels, to += channels)
      W::store_some(to, block.of(from), ends, W::kLanes);
  }
  prelu_channels(call, pixels, c);
}

template <class W>
DIMPLE_INLINE void prelu_f32(const ops::Call& call, ops::Range rows) {
  const int32_t channels = call.out.channels;
  const auto* slope = static_cast<const float*>(call.weight);
  const auto* from = static_cast<const float*>(call.in[0].data);
  auto* to = static_cast<float*>(call.out.data);
  const ops::Range pixels = ops::pixels_of(call.out, rows);
  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel) {
    const int32_t first = pixel * channels;
    for_vectors<W>(
        to, first, first + channels, [&](int32_t i, int32_t count) __attribute__((always_inline)) {
          const typename W::Sums x = W::load_some(from + i, count);
          return where_positive(x, x, x * W::load_some(slope + (i - first), count));
        });
  }
}

}  // namespace dimple::kernels::vectors
