// AVX-512 with VPOPCNTDQ: bits that are set, in each of 16 words.
#pragma once
#include "kernels/avx512_vnni/simd.h"

namespace dimple::kernels::avx512_vpopcntdq {

using avx512_vnni::S32x16;

DIMPLE_INLINE S32x16 popcount(const S32x16& v) {
  S32x16 r;
  asm("vpopcntd %1, %0" : "=v"(r) : "v"(v));
  return r;
}

// The words of vectors/bits.h: a group is 32 channels of the input, a lane an output channel.
struct Bits {
  using Numbers = avx512_vnni::Bytes;
  using In = uint32_t;
  using Code = uint32_t;
  using Weights = S32x16;
  static constexpr int32_t kLanes = 16, kBits = 32, kTilePixels = 4, kTileBlocks = 4;

  template <int32_t kPixels, int32_t kBlocks>
  struct Counts {
    static constexpr int32_t kMostGroups = 0;
    S32x16 counts[kPixels][kBlocks]{};

    struct Settled {
      S32x16 counts[kPixels][kBlocks];

      DIMPLE_INLINE const S32x16& sums(int32_t pixel, int32_t vector) const { return counts[pixel][vector]; }
    };

    DIMPLE_INLINE void add(const Code* codes, int64_t step, const char* weights, int64_t block_bytes) {
      S32x16 w[kBlocks];
#pragma GCC unroll 8
      for (int32_t b = 0; b < kBlocks; ++b) w[b] = vectors::load<S32x16>(weights + b * block_bytes);
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) {
        const S32x16 a = S32x16{} + static_cast<int32_t>(codes[i * step]);
#pragma GCC unroll 8
        for (int32_t b = 0; b < kBlocks; ++b) counts[i][b] += popcount(a ^ w[b]);
      }
    }
    DIMPLE_INLINE void settle(Settled& settled) {
#pragma GCC unroll 16
      for (int32_t i = 0; i < kPixels * kBlocks; ++i)
        settled.counts[i / kBlocks][i % kBlocks] = counts[i / kBlocks][i % kBlocks];
    }
  };

  DIMPLE_INLINE static void move_codes(Code* to, const In* from, int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) vectors::store(to + i, vectors::load<S32x16>(from + i));
    for (; i < count; ++i) to[i] = from[i];
  }
};

}  // namespace dimple::kernels::avx512_vpopcntdq
