// Counts of bits that differ (bits.h) in bytes, for vectors of 16 bytes that count the bits of each of them.
//
// A group is a word of 32 channels of the input. Each of its bytes is spread over a vector and meets eight weights of 16
// output channels: an exclusive or, a count and a sum are 128 products. A word adds at most 32 to a byte, which holds
// seven (7 * 32 = 224). What is settled has 16 bits: is_small_window_of_few_bits().
//
// Words of W: Numbers (codes.h), kTileBlocks, Word, load_word(from), spread<byte>(word), count_different(sums, a, b) of
// each byte, widen(bytes), widen(numbers of 16 bits).
#pragma once
#include "kernels/vectors/pair.h"

namespace dimple::kernels::vectors {

using S8x16 [[gnu::vector_size(16)]] = int8_t;
using U16x8 [[gnu::vector_size(16)]] = uint16_t;

template <class W>
struct ByteCounts : W {
  using In = uint32_t;
  using Code = uint32_t;
  struct Weights {
    S8x16 of_bytes[4];
  };
  static constexpr int32_t kLanes = 16, kBits = 32, kTilePixels = 4;

  template <int32_t kPixels, int32_t kBlocks>
  struct Counts {
    static constexpr int32_t kMostGroups = 7, kVectors = 2 * kBlocks;
    S8x16 bytes[kPixels][kBlocks]{};

    struct Settled {
      U16x8 counts[kPixels][kVectors];
      bool any = false;

      DIMPLE_INLINE Settled() { asm("" : "=m"(counts)); }  // GCC does not see that `any` guards them
      DIMPLE_INLINE Pair sums(int32_t pixel, int32_t vector) const { return W::widen(counts[pixel][vector]); }
    };

    DIMPLE_INLINE void add(const Code* codes, int64_t step, const char* weights, int64_t block_bytes) {
      typename W::Word words[kPixels];
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) words[i] = W::load_word(codes + i * step);
      add_byte<0>(words, weights, block_bytes);
      add_byte<1>(words, weights, block_bytes);
      add_byte<2>(words, weights, block_bytes);
      add_byte<3>(words, weights, block_bytes);
    }

    DIMPLE_INLINE void settle(Settled& settled) {
#pragma GCC unroll 16
      for (int32_t i = 0; i < kPixels * kBlocks; ++i) {
        S8x16& counts = bytes[i / kBlocks][i % kBlocks];
        U16x8* const to = settled.counts[i / kBlocks] + i % kBlocks * 2;
        const Two<U16x8> wide = W::widen(counts);
        to[0] = settled.any ? to[0] + wide.low : wide.low;
        to[1] = settled.any ? to[1] + wide.high : wide.high;
        counts = S8x16{};
      }
      settled.any = true;
    }

   private:
    template <int32_t kByte>
    DIMPLE_INLINE void add_byte(const typename W::Word (&words)[kPixels], const char* weights, int64_t block_bytes) {
      S8x16 w[kBlocks];
#pragma GCC unroll 8
      for (int32_t b = 0; b < kBlocks; ++b) w[b] = load<S8x16>(weights + b * block_bytes + kByte * 16);
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) {
        const S8x16 a = W::template spread<kByte>(words[i]);
#pragma GCC unroll 8
        for (int32_t b = 0; b < kBlocks; ++b) W::count_different(bytes[i][b], a, w[b]);
      }
    }
  };

  DIMPLE_INLINE static void move_codes(Code* to, const In* from, int32_t count) {
    int32_t i = 0;
    for (; i + 4 <= count; i += 4) store(to + i, load<S32x4>(from + i));
    for (; i < count; ++i) to[i] = from[i];
  }
};

}  // namespace dimple::kernels::vectors
