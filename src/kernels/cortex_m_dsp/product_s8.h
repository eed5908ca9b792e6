// The product behind convolutions and dense layers: the codes under a window times four output channels at a time.
//
// Two pixels are widened to 16 bits and interleaved in scratch, once for all output channels: [pair of codes][pixel].
// Tile: 2 pixels x 4 channels, whose sums stay in eight registers; a pair of codes is 8 SMLAD (16 products) and 3 loads,
// and what is left of the fourteen registers is just enough. Hence one piece of assembly: no compiler keeps to that.
//
// In two forms, by how weights lie in flash:
//
//   wide     window4x2_s16: in 16 bits. A pair of codes is codes 0 and 1
//   compact  window4x4_s8: a word is four weights of a channel, from which SXTB16 makes pairs 0, 2 and 1, 3; so codes
//            are interleaved in fours as [0, 2 of both pixels][1, 3 of both]. No register is left to keep a word until
//            its other pair is due: it is loaded twice, and 32 products are 30 instructions, not 22
//
// Exact: the sums are the reference's own, moved by what the head's bias takes off again, modulo 2^32; sum_fits bounded
// the sum that comes out. A code times a weight fits 16 bits, SMLAD adds up modulo 2^32.
#pragma once
#include "kernels/chips/head.h"
#include "kernels/cortex_m_dsp/simd.h"

namespace dimple::kernels::cortex_m_dsp {

template <Weights kWeights>
struct Product {
  static constexpr bool kWide = kWeights == Weights::wide;
  static constexpr int32_t kGroup = kWide ? 2 : 4;               // codes to a round of the product
  static constexpr int32_t kGroupBytes = kLanes * 4;             // of weights
  static constexpr int32_t kUnrolled = kWide ? 8 : 4;            // rounds in a turn of write_whole_blocks()'s loop
  static constexpr int32_t kRoundBytes = (kWide ? 11 : 30) * 4;  // of code

  const ops::Call& call;
  const uint32_t* words;  // of two pixels, in scratch
  const uint32_t* end;
  int32_t skip;  // bytes of code in front of the first round
  int32_t block_bytes;
  bool saturates;  // rescale() is all that there is to do

  DIMPLE_INLINE Product(const ops::Call& c, uint32_t* scratch, int32_t codes);
};

template <Weights kWeights>
DIMPLE_INLINE Product<kWeights>::Product(const ops::Call& c, uint32_t* scratch, int32_t codes)
    : call(c), words(scratch) {
  const int32_t rounds = (codes + kGroup - 1) / kGroup;
  end = words + rounds * kGroup;
  skip = (-rounds & (kUnrolled - 1)) * kRoundBytes;
  block_bytes = static_cast<int32_t>(sizeof(chips::Head<kLanes>)) + rounds * kGroupBytes;
  saturates = c.clamp_low == -128 && c.clamp_high == 127 && chips::all_narrow<kLanes>(c, block_bytes);
}

// Codes of two pixels, at least four, in fours: what lies behind the last one meets weights of zero. Returns the end of
// what it wrote.
template <Weights kWeights>
DIMPLE_INLINE uint32_t* widen_two(const int8_t* a, const int8_t* b, int32_t codes, uint32_t* to) {
  const int8_t* const end = a + round_up<int32_t>(codes, 4);
  asm volatile(
      "1:\n"
      "ldr r3, [%[a]], #4\n"
      "ldr r5, [%[b]], #4\n"
      ".if %c[wide]\n"
      "sxtb16 r2, r3\n"
      "sxtb16 r3, r3, ror #8\n"
      "sxtb16 r4, r5\n"
      "sxtb16 r5, r5, ror #8\n"
      "pkhbt r0, r2, r3, lsl #16\n"
      "pkhbt r1, r4, r5, lsl #16\n"
      "pkhtb r2, r3, r2, asr #16\n"
      "pkhtb r3, r5, r4, asr #16\n"
      ".else\n"
      "sxtb16 r0, r3\n"
      "sxtb16 r1, r5\n"
      "sxtb16 r2, r3, ror #8\n"
      "sxtb16 r3, r5, ror #8\n"
      ".endif\n"
      "stmia %[to]!, {r0, r1, r2, r3}\n"
      "cmp %[a], %[end]\n"
      "bne 1b\n"
      : [a] "+&r"(a), [b] "+&r"(b), [to] "+&r"(to)
      : [end] "r"(end), [wide] "i"(kWeights == Weights::wide)
      : "r0", "r1", "r2", "r3", "r4", "r5", "cc", "memory");
  return to;
}

// Of the first of two interleaved pixels.
DIMPLE_INLINE void multiply_one(const Product<Weights::wide>& p, const uint32_t* codes, const uint32_t* weights,
                                int32_t (&sums)[kLanes]) {
  for (; codes < p.end; codes += 2, weights += kLanes)
    for (int32_t c = 0; c < kLanes; ++c) sums[c] = add_products(sums[c], *codes, weights[c]);
}
DIMPLE_INLINE void multiply_one(const Product<Weights::compact>& p, const uint32_t* codes, const uint32_t* weights,
                                int32_t (&sums)[kLanes]) {
  for (; codes < p.end; codes += 4, weights += kLanes)
    for (int32_t c = 0; c < kLanes; ++c) {
      sums[c] = add_products(sums[c], codes[0], widen_even(weights[c]));
      sums[c] = add_products(sums[c], codes[2], widen_odd(weights[c]));
    }
}

// One pixel, or what wants more than rescale().
template <int32_t kPixels, Weights kWeights>
[[gnu::noinline]] static void write_blocks(const Product<kWeights>& p, int32_t channel, int8_t* to) {
  const int32_t channels = p.call.out.channels;
  const auto* block = static_cast<const char*>(p.call.weight) + channel / kLanes * p.block_bytes;
  for (; channel < channels; channel += kLanes, block += p.block_bytes)
    for (int32_t i = 0; i < kPixels; ++i) {
      const auto* const head = reinterpret_cast<const chips::Head<kLanes>*>(block);
      int32_t sums[kLanes];
      for (int32_t c = 0; c < kLanes; ++c) sums[c] = head->bias[c];
      multiply_one(p, p.words + i, reinterpret_cast<const uint32_t*>(head + 1), sums);
      int8_t* const at = to + i * channels + channel;
      if (p.saturates && channel + kLanes <= channels)
        for (int32_t c = 0; c < kLanes; ++c)
          at[c] = static_cast<int8_t>(rescale(sums[c], head->multiplier[c], head->rounding[c], head->shift[c]));
      else
        chips::write_codes(p.call, sums, channel, min_of(kLanes, channels - channel), at);
    }
}

// Two pixels, as many whole blocks of channels as there are; at least one. Sums of the first pixel: r2 to r5, of the
// second: r6, r8, r9, r12. The first turn of a block starts behind the rounds that it has too many.
template <Weights kWeights>
DIMPLE_INLINE void write_whole_blocks(const Product<kWeights>& p, int8_t* to) {
  const auto* block = static_cast<const char*>(p.call.weight);
  const int32_t channels = p.call.out.channels;
  const int8_t* const end_of_channels = to + channels / kLanes * kLanes;
  const uint32_t* codes;
  asm volatile(
      "1:\n"
      "ldmia %[block], {r2, r3, r4, r5}\n"
      "ldmia %[block]!, {r6, r8, r9, r12}\n"
      "add %[block], #48\n"
      "ldr %[codes], %[words]\n"
      "ldr r0, %[skip]\n"
      ".balign 4\n"
      "add pc, r0\n"
      "nop\n"
      "2:\n"
      ".if %c[wide]\n"
      ".rept 8\n"
      "ldrd r0, r1, [%[codes]], #8\n"
      "ldrd r10, r11, [%[block]], #8\n"
      "smlad r2, r0, r10, r2\n"
      "smlad r6, r1, r10, r6\n"
      "smlad r3, r0, r11, r3\n"
      "smlad r8, r1, r11, r8\n"
      "ldrd r10, r11, [%[block]], #8\n"
      "smlad r4, r0, r10, r4\n"
      "smlad r9, r1, r10, r9\n"
      "smlad r5, r0, r11, r5\n"
      "smlad r12, r1, r11, r12\n"
      ".endr\n"
      ".else\n"
      ".rept 4\n"
      "ldrd r0, r1, [%[codes]], #8\n"
      "ldrd r10, r11, [%[block]]\n"
      "sxtb16 r10, r10\n"
      "sxtb16 r11, r11\n"
      "smlad r2, r0, r10, r2\n"
      "smlad r6, r1, r10, r6\n"
      "smlad r3, r0, r11, r3\n"
      "smlad r8, r1, r11, r8\n"
      "ldrd r10, r11, [%[block], #8]\n"
      "sxtb16 r10, r10\n"
      "sxtb16 r11, r11\n"
      "smlad r4, r0, r10, r4\n"
      "smlad r9, r1, r10, r9\n"
      "smlad r5, r0, r11, r5\n"
      "smlad r12, r1, r11, r12\n"
      "ldrd r0, r1, [%[codes]], #8\n"
      "ldrd r10, r11, [%[block], #8]\n"
      "sxtb16 r10, r10, ror #8\n"
      "sxtb16 r11, r11, ror #8\n"
      "smlad r4, r0, r10, r4\n"
      "smlad r9, r1, r10, r9\n"
      "smlad r5, r0, r11, r5\n"
      "smlad r12, r1, r11, r12\n"
      "ldrd r10, r11, [%[block]], #16\n"
      "sxtb16 r10, r10, ror #8\n"
      "sxtb16 r11, r11, ror #8\n"
      "smlad r2, r0, r10, r2\n"
      "smlad r6, r1, r10, r6\n"
      "smlad r3, r0, r11, r3\n"
      "smlad r8, r1, r11, r8\n"
      ".endr\n"
      ".endif\n"
      "ldr r0, %[end]\n"
      "cmp %[codes], r0\n"
      "bne.w 2b\n"
      // The head: multiplier at 16, rounding at 32, shift at 48.
      "ldr r0, %[block_bytes]\n"
      "sub %[codes], %[block], r0\n"
      "ldrd r0, r1, [%[codes], #16]\n"
      "ldrd r10, r11, [%[codes], #32]\n"
      "smmla r2, r2, r0, r10\n"
      "smmla r6, r6, r0, r10\n"
      "smmla r3, r3, r1, r11\n"
      "smmla r8, r8, r1, r11\n"
      "ldrd r0, r1, [%[codes], #24]\n"
      "ldrd r10, r11, [%[codes], #40]\n"
      "smmla r4, r4, r0, r10\n"
      "smmla r9, r9, r0, r10\n"
      "smmla r5, r5, r1, r11\n"
      "smmla r12, r12, r1, r11\n"
      "ldrd r0, r1, [%[codes], #48]\n"
      "ldrd r10, r11, [%[codes], #56]\n"
      "asr r2, r2, r0\n"
      "asr r6, r6, r0\n"
      "asr r3, r3, r1\n"
      "asr r8, r8, r1\n"
      "asr r4, r4, r10\n"
      "asr r9, r9, r10\n"
      "asr r5, r5, r11\n"
      "asr r12, r12, r11\n"
      "ldr r0, %[to]\n"
      "ldr r1, %[channels]\n"
      "ldr r10, %[end_of_channels]\n"
      "add r1, r0\n"
      "ssat r2, #8, r2\n"
      "ssat r3, #8, r3\n"
      "ssat r4, #8, r4\n"
      "ssat r5, #8, r5\n"
      "ssat r6, #8, r6\n"
      "ssat r8, #8, r8\n"
      "ssat r9, #8, r9\n"
      "ssat r12, #8, r12\n"
      "strb r6, [r1]\n"
      "strb r8, [r1, #1]\n"
      "strb r9, [r1, #2]\n"
      "strb r12, [r1, #3]\n"
      "strb r3, [r0, #1]\n"
      "strb r4, [r0, #2]\n"
      "strb r5, [r0, #3]\n"
      "strb r2, [r0], #4\n"
      "str r0, %[to]\n"
      "cmp r0, r10\n"
      "bne.w 1b\n"
      : [codes] "=&r"(codes), [block] "+&r"(block), [to] "+m"(to)
      : [words] "m"(p.words), [end] "m"(p.end), [skip] "m"(p.skip), [block_bytes] "m"(p.block_bytes),
        [channels] "m"(channels), [end_of_channels] "m"(end_of_channels), [wide] "i"(kWeights == Weights::wide)
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
}

// All channels of two pixels.
template <Weights kWeights>
DIMPLE_INLINE void write_two(const Product<kWeights>& p, int8_t* to) {
  const int32_t channels = p.call.out.channels, whole = p.saturates ? channels / kLanes * kLanes : 0;
  if (whole > 0) write_whole_blocks(p, to);
  if (whole < channels) write_blocks<2>(p, whole, to);
}

template <Weights kWeights>
DIMPLE_INLINE void write_one(const Product<kWeights>& p, int8_t* to) {
  write_blocks<1>(p, 0, to);
}

}  // namespace dimple::kernels::cortex_m_dsp
