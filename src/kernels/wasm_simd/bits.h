// The words of vectors/bits.h: i8x16.popcnt counts the bits of 16 bytes.
#pragma once
#include "kernels/vectors/byte_counts.h"
#include "kernels/wasm_simd/simd.h"

namespace dimple::kernels::wasm_simd {

using U8x16 [[gnu::vector_size(16)]] = uint8_t;
using U8x8 [[gnu::vector_size(8)]] = uint8_t;
using U16x4 [[gnu::vector_size(8)]] = uint16_t;

struct CountedBytes {
  using Numbers = Bytes;
  using Word = const int8_t*;  // where it lies: a byte is spread as it is loaded
  static constexpr int32_t kTileBlocks = 2;

  DIMPLE_INLINE static Word load_word(const uint32_t* from) { return reinterpret_cast<const int8_t*>(from); }
  template <int32_t kByte>
  DIMPLE_INLINE static S8x16 spread(Word word) {
    return S8x16{} + word[kByte];
  }
  DIMPLE_INLINE static void count_different(S8x16& sums, const S8x16& a, const S8x16& b) {
    sums += __builtin_wasm_popcnt_i8x16(a ^ b);
  }
  DIMPLE_INLINE static Two<vectors::U16x8> widen(const S8x16& counts) {
    const U8x16 v = as<U8x16>(counts);
    const U8x8 low = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7),
               high = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    return {__builtin_convertvector(low, vectors::U16x8), __builtin_convertvector(high, vectors::U16x8)};
  }
  DIMPLE_INLINE static Pair widen(const vectors::U16x8& v) {
    const U16x4 low = __builtin_shufflevector(v, v, 0, 1, 2, 3), high = __builtin_shufflevector(v, v, 4, 5, 6, 7);
    return {__builtin_convertvector(low, S32x4), __builtin_convertvector(high, S32x4)};
  }
};

using Bits = vectors::ByteCounts<CountedBytes>;

}  // namespace dimple::kernels::wasm_simd
