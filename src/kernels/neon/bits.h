// The words of vectors/bits.h: CNT counts the bits of 16 bytes.
#pragma once
#include "kernels/neon/simd.h"
#include "kernels/vectors/byte_counts.h"

namespace dimple::kernels::neon {

struct CountedBytes {
  using Numbers = Bytes;
  using Word = S32x4;
  static constexpr int32_t kTileBlocks = 4;

  DIMPLE_INLINE static Word load_word(const uint32_t* from) {
    Word word;
    asm("ldr %s0, %1" : "=w"(word) : "m"(*from));
    return word;
  }
  template <int32_t kByte>
  DIMPLE_INLINE static S8x16 spread(const Word& word) {
    S8x16 v;
    asm("dup %0.16b, %1.b[%2]" : "=w"(v) : "w"(word), "i"(kByte));
    return v;
  }
  // In one piece: a compiler that moves these about runs out of registers.
  DIMPLE_INLINE static void count_different(S8x16& sums, const S8x16& a, const S8x16& b) {
    S8x16 bits;
    asm("eor %1.16b, %2.16b, %3.16b\n\tcnt %1.16b, %1.16b\n\tadd %0.16b, %0.16b, %1.16b"
        : "+w"(sums), "=&w"(bits)
        : "w"(a), "w"(b));
  }
  DIMPLE_INLINE static Two<vectors::U16x8> widen(const S8x16& counts) {
    vectors::U16x8 low, high;
    asm("uxtl %0.8h, %1.8b" : "=w"(low) : "w"(counts));
    asm("uxtl2 %0.8h, %1.16b" : "=w"(high) : "w"(counts));
    return {low, high};
  }
  DIMPLE_INLINE static Pair widen(const vectors::U16x8& counts) {
    S32x4 low, high;
    asm("uxtl %0.4s, %1.4h" : "=w"(low) : "w"(counts));
    asm("uxtl2 %0.4s, %1.8h" : "=w"(high) : "w"(counts));
    return {low, high};
  }
};

using Bits = vectors::ByteCounts<CountedBytes>;

}  // namespace dimple::kernels::neon
