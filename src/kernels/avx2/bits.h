// AVX2 has no count of bits that are set, but a shuffle that looks up 32 bytes at once. For four bits a of the input,
// table a holds popcount(a ^ w) for each of the 16 w that may stand against them: with four weight bits of an output
// channel in each byte, one shuffle gives the counts of 32 channels, and one sum adds them.
//
// A count of 8 bits is at most 8, so a byte holds 31 of them (31 * 8 = 248).
#pragma once
#include "base/bits.h"
#include "kernels/avx2/simd.h"

namespace dimple::kernels::avx2 {

struct alignas(16) CountTables {
  Eight eights[32];  // two a table
};

constexpr CountTables make_count_tables() {
  CountTables tables{};
  for (uint32_t a = 0; a < 16; ++a)
    for (uint32_t w = 0; w < 16; ++w)
      tables.eights[2 * a + w / 8].codes[w % 8] = static_cast<int8_t>(dimple::popcount(a ^ w));
  return tables;
}
static constexpr CountTables kCountTables = make_count_tables();

// The words of vectors/bits.h: a group is 8 channels of the input, a lane an output channel.
struct Bits {
  using Numbers = Bytes;
  using In = uint8_t;
  using Code = uint16_t;  // in its bytes the places of two tables, by 8 bytes: what an address can be scaled by
  using Weights = S8x32;
  static constexpr int32_t kLanes = 32, kBits = 8, kTilePixels = 4, kTileBlocks = 2;

  template <int32_t kPixels, int32_t kBlocks>
  struct Counts {
    static constexpr int32_t kMostGroups = 31;
    S8x32 bytes[kPixels][kBlocks]{};

    struct Settled {  // in memory: registers are for bytes
      int32_t lanes[kPixels][kBlocks * kLanes];
      bool any = false;

      DIMPLE_INLINE S32x8 sums(int32_t pixel, int32_t vector) const {
        return load<S32x8>(&lanes[pixel][vector * Numbers::kLanes]);
      }
    };

    DIMPLE_INLINE void add(const Code* codes, int64_t step, const char* weights, int64_t block_bytes) {
      S8x32 w[kBlocks];
#pragma GCC unroll 4
      for (int32_t b = 0; b < kBlocks; ++b) w[b] = load<S8x32>(weights + b * block_bytes);
      add_half<0>(codes, step, w);
#pragma GCC unroll 4
      for (int32_t b = 0; b < kBlocks; ++b) {
        S8x32 both = w[b];
        const S8x32 last = bytes[kPixels - 1][b];
        asm("" : "+x"(both) : "x"(last));  // not before the lower halves: there are no registers for both
        w[b] = as<S8x32>(as<S16x16>(both) >> 4);
      }
      add_half<1>(codes, step, w);
    }

    DIMPLE_INLINE void settle(Settled& settled) {
      alignas(32) uint8_t from[kPixels][kBlocks * kLanes];
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels * kBlocks; ++i) {
        S8x32& counts = bytes[i / kBlocks][i % kBlocks];
        store(&from[i / kBlocks][i % kBlocks * kLanes], counts);
        counts = S8x32{};
      }
#pragma GCC unroll 1
      for (int32_t i = 0; i < kPixels * kBlocks * kLanes; i += 2 * Numbers::kLanes) {
        int32_t* const to = &settled.lanes[0][0] + i;
        S32x8 front = widen_counts(&from[0][0] + i), back = widen_counts(&from[0][0] + i + Numbers::kLanes);
        if (settled.any) front += load<S32x8>(to), back += load<S32x8>(to + Numbers::kLanes);
        store(to, front), store(to + Numbers::kLanes, back);
      }
      settled.any = true;
    }

   private:
    DIMPLE_INLINE static S32x8 widen_counts(const uint8_t* eight) {
      S32x8 wide;
      asm("vpmovzxbd %1, %0" : "=x"(wide) : "m"(*reinterpret_cast<const Eight*>(eight)));
      return wide;
    }

    // Of the lower four bits of each weight.
    template <int32_t kHalf>
    DIMPLE_INLINE void add_half(const Code* codes, int64_t step, const S8x32 (&w)[kBlocks]) {
      S8x32 places[kBlocks];
#pragma GCC unroll 4
      for (int32_t b = 0; b < kBlocks; ++b) places[b] = w[b] & (S8x32{} + int8_t{15});
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) {
        const size_t place = reinterpret_cast<const uint8_t*>(codes + i * step)[kHalf];
        S8x32 table;
        asm("vbroadcasti128 %1, %0"
            : "=x"(table)
            : "m"(*reinterpret_cast<const Sixteen*>(kCountTables.eights + place)));
#pragma GCC unroll 4
        for (int32_t b = 0; b < kBlocks; ++b) {
          S8x32 counts;
          asm("vpshufb %2, %1, %0" : "=x"(counts) : "x"(table), "x"(places[b]));
          bytes[i][b] += counts;
        }
      }
    }
  };

  DIMPLE_INLINE static void move_codes(Code* to, const In* from, int32_t count) {
    const S8x16 mask = S8x16{} + int8_t{0x1E};
    using Pairs [[gnu::vector_size(16)]] = uint16_t;
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) {
      const auto bits = load<Pairs>(from + i);
      const S8x16 low = as<S8x16>(bits << 1) & mask, high = as<S8x16>(bits >> 3) & mask;
      store(to + i, __builtin_shufflevector(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
      store(to + i + 8,
            __builtin_shufflevector(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
    }
    for (; i < count; ++i) to[i] = static_cast<uint16_t>((from[i] & 15) * 2 | (from[i] >> 4) * 2 << 8);
  }
};

}  // namespace dimple::kernels::avx2
