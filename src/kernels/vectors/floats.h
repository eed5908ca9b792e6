// The form of float kernels. Products and sums are fused, and are added up in the reference's own order; a border adds
// zeros.
//
// Words of W: kLanes, Sums, kTilePixels, kTileBlocks, spread(float*), dot(sums, a, weights), clamped(sums, low, high),
// store_some(to, sums, count).
#pragma once
#include "base/memory.h"
#include "kernels/vectors/product.h"

namespace dimple::kernels::vectors {

template <class W>
struct Floats : W {
  using In = float;
  using Code = float;
  using Out = float;
  using Weights = typename W::Sums;
  static constexpr int32_t kGroup = 1, kHeadRows = 1;

  DIMPLE_INLINE static float border(const ops::Call&) { return 0; }
  DIMPLE_INLINE static void move_codes(float* to, const float* from, int32_t count) {
    copy_bytes(to, from, static_cast<size_t>(count) * sizeof(float));
  }

  template <int32_t kPixels, int32_t kBlocks>
  DIMPLE_INLINE static void write_tile(const Product<Floats>& p, int32_t pixel, int32_t block,
                                       typename W::Sums (&sums)[kPixels][kBlocks]) {
    const int32_t channels = p.call.out.channels, channel = block * W::kLanes, count = channels - channel;
    float* const to = p.to + pixel * channels + channel;
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i)
#pragma GCC unroll 8
      for (int32_t b = 0; b < kBlocks; ++b)
        W::store_some(to + i * channels + b * W::kLanes,
                      W::clamped(sums[i][b], p.call.clamp_low_f32, p.call.clamp_high_f32), count - b * W::kLanes);
  }
};

}  // namespace dimple::kernels::vectors
