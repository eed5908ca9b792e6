// AVX2 with VNNI in its VEX form: dot products of four unsigned codes with four signed weights, in each of 8 sums.
#pragma once
#include "kernels/avx2/simd.h"

namespace dimple::kernels::avx_vnni {

using avx2::S16x16;
using avx2::S32x8;
using avx2::S8x16;
using avx2::S8x32;
using vectors::as;
using vectors::load;
using vectors::store;

// sum + a[4i] * b[4i] + .. + a[4i + 3] * b[4i + 3], a unsigned, b signed; nothing is saturated. Assemblers take the form
// of AVX-512 where they are not told.
DIMPLE_INLINE void add_products(S32x8& sums, const S32x8& a, const S32x8& b) {
  asm("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sums) : "x"(a), "x"(b));
}

// Of two vectors, within each 16 bytes, to one: a0 b0 a1 b1 .. of the lower and of the upper half.
DIMPLE_INLINE S8x32 mix_low(const S8x32& a, const S8x32& b) {
  return __builtin_shufflevector(a, b, 0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 16, 48, 17, 49, 18, 50,
                                 19, 51, 20, 52, 21, 53, 22, 54, 23, 55);
}
DIMPLE_INLINE S8x32 mix_high(const S8x32& a, const S8x32& b) {
  return __builtin_shufflevector(a, b, 8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47, 24, 56, 25, 57, 26,
                                 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63);
}
// The same by two bytes.
DIMPLE_INLINE S16x16 mix_low(const S16x16& a, const S16x16& b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26, 11, 27);
}
DIMPLE_INLINE S16x16 mix_high(const S16x16& a, const S16x16& b) {
  return __builtin_shufflevector(a, b, 4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14, 30, 15, 31);
}

// The words of kernels/vectors/.
struct Bytes : avx2::Bytes {
  using Code = uint8_t;  // code + 128
  using Weights = S32x8;
  using Mixed = S32x8;
  static constexpr int32_t kGroup = 4, kTilePixels = 6, kTileBlocks = 2, kColumnTile = 4;

  DIMPLE_INLINE static Code move_code(int8_t code) { return static_cast<uint8_t>(code + 128); }

  DIMPLE_INLINE static void move_codes(Code* to, const int8_t* from, int32_t count) {
    int32_t i = 0;
    for (; i + 32 <= count; i += 32) store(to + i, load<S8x32>(from + i) ^ (S8x32{} + int8_t{-128}));
    for (; i + 16 <= count; i += 16) store(to + i, load<S8x16>(from + i) ^ (S8x16{} + int8_t{-128}));
    for (; i < count; ++i) to[i] = move_code(from[i]);
  }

  DIMPLE_INLINE static S32x8 spread(const Code* four) { return S32x8{} + load<int32_t>(four); }

  DIMPLE_INLINE static void dot(Sums& sums, const S32x8& codes, const Weights& weights) {
    add_products(sums, codes, weights);
  }

  // Four rows, 32 codes at a time. Mixing goes by 16 bytes: words are put in order first, so that each half of a vector
  // holds its own share of channels.
  DIMPLE_INLINE static void interleave(Code* to, const int8_t* const (&rows)[4], int32_t count) {
    int32_t i = 0;
    for (; i + 32 <= count; i += 32) {
      S8x32 row[4];
      for (int32_t r = 0; r < 4; ++r) {
        const S32x8 words = load<S32x8>(rows[r] + i);
        row[r] = as<S8x32>(__builtin_shufflevector(words, words, 0, 2, 4, 6, 1, 3, 5, 7)) ^ (S8x32{} + int8_t{-128});
      }
      const S16x16 low01 = as<S16x16>(mix_low(row[0], row[1])), high01 = as<S16x16>(mix_high(row[0], row[1]));
      const S16x16 low23 = as<S16x16>(mix_low(row[2], row[3])), high23 = as<S16x16>(mix_high(row[2], row[3]));
      store(to + 4 * i, mix_low(low01, low23));
      store(to + 4 * i + 32, mix_high(low01, low23));
      store(to + 4 * i + 64, mix_low(high01, high23));
      store(to + 4 * i + 96, mix_high(high01, high23));
    }
    for (; i < count; ++i)
      for (int32_t r = 0; r < 4; ++r) to[4 * i + r] = move_code(rows[r][i]);
  }
};

}  // namespace dimple::kernels::avx_vnni
