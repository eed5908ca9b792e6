// The form of float kernels. Products and sums are fused, and are added up in the reference's own order; a border adds
// zeros.
//
// Words of W: kLanes, Sums, kSpan (product.h), kTilePixels, kTileBlocks, spread(float*), dot(sums, a, weights),
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

  template <int32_t kBlocks>
  struct Column {
    int32_t channels, count;  // of a pixel, and from the first of the blocks on
    typename W::Sums low, high;

    DIMPLE_INLINE Column(const Product<Floats>& p, int32_t first)
        : channels(p.call.out.channels),
          count(channels - first * W::kLanes),
          low(typename W::Sums{} + p.call.clamp_low_f32),
          high(typename W::Sums{} + p.call.clamp_high_f32) {}

    template <int32_t kPixels>
    DIMPLE_INLINE void write(const typename W::Sums (&sums)[kPixels][kBlocks], float* to) const {
#pragma GCC unroll 16
      for (int32_t i = 0; i < kPixels; ++i, to += channels)
#pragma GCC unroll 8
        for (int32_t b = 0; b < kBlocks; ++b)
          W::store_some(to + b * W::kLanes, clamped(sums[i][b], low, high), count - b * W::kLanes);
    }
  };
};

}  // namespace dimple::kernels::vectors
