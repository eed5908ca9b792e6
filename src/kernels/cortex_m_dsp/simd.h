// Two 16-bit numbers in a word, as the DSP instructions of Cortex-M4, M7 and M33 know them. Written as the instructions
// themselves: compilers have no word for the rotated ones, which save an instruction each.
#pragma once
#include "base/memory.h"
#include "base/platform.h"

namespace dimple::kernels::cortex_m_dsp {

inline constexpr int32_t kLanes = 4;  // output channels of a block

// How a kernel finds them in flash: in a byte, or already in 16 bits, which is faster and takes twice the flash.
enum class Weights : bool { compact, wide };

// The same number twice.
constexpr uint32_t both(int32_t number) {
  const uint32_t half = static_cast<uint32_t>(number) & 0xFFFFu;
  return half << 16 | half;
}

DIMPLE_INLINE uint32_t four_codes(const int8_t* from) {
  uint32_t word;
  copy_bytes(&word, from, sizeof word);
  return word;
}

// Of four codes, numbers 0 and 2, or 1 and 3, in 16 bits.
DIMPLE_INLINE uint32_t widen_even(uint32_t codes) {
  uint32_t wide;
  asm("sxtb16 %0, %1" : "=r"(wide) : "r"(codes));
  return wide;
}
DIMPLE_INLINE uint32_t widen_odd(uint32_t codes) {
  uint32_t wide;
  asm("sxtb16 %0, %1, ror #8" : "=r"(wide) : "r"(codes));
  return wide;
}

// The lower halves of two words, the first one's below; and the upper halves.
DIMPLE_INLINE uint32_t low_halves(uint32_t a, uint32_t b) {
  uint32_t halves;
  asm("pkhbt %0, %1, %2, lsl #16" : "=r"(halves) : "r"(a), "r"(b));
  return halves;
}
DIMPLE_INLINE uint32_t high_halves(uint32_t a, uint32_t b) {
  uint32_t halves;
  asm("pkhtb %0, %1, %2, asr #16" : "=r"(halves) : "r"(b), "r"(a));
  return halves;
}

// sum + a.low * b.low + a.high * b.high
DIMPLE_INLINE int32_t add_products(int32_t sum, uint32_t a, uint32_t b) {
  int32_t more;
  asm("smlad %0, %1, %2, %3" : "=r"(more) : "r"(a), "r"(b), "r"(sum));
  return more;
}
// The lower half of a, or its upper, times the lower half of b.
DIMPLE_INLINE int32_t add_low_product(int32_t sum, uint32_t a, uint32_t b) {
  int32_t more;
  asm("smlabb %0, %1, %2, %3" : "=r"(more) : "r"(a), "r"(b), "r"(sum));
  return more;
}
DIMPLE_INLINE int32_t add_high_product(int32_t sum, uint32_t a, uint32_t b) {
  int32_t more;
  asm("smlatb %0, %1, %2, %3" : "=r"(more) : "r"(a), "r"(b), "r"(sum));
  return more;
}

// sum * multiplier / 2^32, rounded down, plus a number; shifted; and what fits a code.
DIMPLE_INLINE int32_t rescale(int32_t sum, int32_t multiplier, int32_t plus, int32_t shift) {
  int32_t high, code;
  asm("smmla %0, %1, %2, %3" : "=r"(high) : "r"(sum), "r"(multiplier), "r"(plus));
  asm("ssat %0, #8, %1" : "=r"(code) : "r"(high >> shift));
  return code;
}

// The words of chips/bits.h and chips/convolve_bits.h. Compilers make two of what loads and stores pairs.
struct Counts {
  template <int32_t kPlace, class Tables>
  DIMPLE_INLINE static void add_entry(uint32_t (&counts)[4], uint32_t weights, const Tables& tables) {
    uint32_t entry, first, second;
    constexpr int32_t kReach = 4;  // tables from an address on
    asm("ubfx %[entry], %[weights], %[place], #4\n\t"
        "add %[entry], %[tables], %[entry], lsl #4\n\t"
        "ldrd %[first], %[second], [%[entry], %[at]]\n\t"
        "add %[c0], %[first]\n\tadd %[c1], %[second]\n\t"
        "ldrd %[first], %[second], [%[entry], %[at] + 8]\n\t"
        "add %[c2], %[first]\n\tadd %[c3], %[second]"
        : [c0] "+r"(counts[0]), [c1] "+r"(counts[1]), [c2] "+r"(counts[2]), [c3] "+r"(counts[3]), [entry] "=&r"(entry),
          [first] "=&r"(first), [second] "=&r"(second)
        : [weights] "r"(weights), [tables] "r"(tables + kPlace / kReach * kReach), [place] "i"(kPlace * 4),
          [at] "i"(kPlace % kReach * sizeof tables[0]), "m"(tables));
  }
  DIMPLE_INLINE static void store_pair(uint32_t* to, uint32_t first, uint32_t second) {
    using Pair [[gnu::may_alias]] = uint64_t;
    asm("strd %1, %2, %0" : "=m"(*reinterpret_cast<Pair*>(to)) : "r"(first), "r"(second));
  }
  DIMPLE_INLINE static uint32_t add_even_bytes(uint32_t sums, uint32_t bytes) {
    uint32_t more;
    asm("uxtab16 %0, %1, %2" : "=r"(more) : "r"(sums), "r"(bytes));
    return more;
  }
  DIMPLE_INLINE static uint32_t add_odd_bytes(uint32_t sums, uint32_t bytes) {
    uint32_t more;
    asm("uxtab16 %0, %1, %2, ror #8" : "=r"(more) : "r"(sums), "r"(bytes));
    return more;
  }
  DIMPLE_INLINE static int32_t rescale(int32_t sum, int32_t multiplier, int32_t plus, int32_t shift) {
    return cortex_m_dsp::rescale(sum, multiplier, plus, shift);
  }
};

}  // namespace dimple::kernels::cortex_m_dsp
