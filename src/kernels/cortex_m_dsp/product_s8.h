// The product behind convolutions and dense layers: the codes under a window times four output channels at a time.
//
// Two pixels are widened to 16 bits and interleaved in scratch, once for all output channels: [pair of codes][pixel].
// Tile: 2 pixels x 4 channels, whose sums stay in eight registers; a pair of codes is 8 SMLAD (16 products) and 3 loads,
// and what is left of the fourteen registers is just enough. Hence one piece of assembly: no compiler keeps to that.
//
// Exact: the sums are the reference's own, moved by what the head's bias takes off again, modulo 2^32; sum_fits bounded
// the sum that comes out. A code times a weight fits 16 bits, SMLAD adds up modulo 2^32.
#pragma once
#include "kernels/chips/head.h"
#include "kernels/cortex_m_dsp/simd.h"

namespace dimple::kernels::cortex_m_dsp {

inline constexpr int32_t kLanes = 4;

struct Product {
  const ops::Call& call;
  const uint32_t* words;  // of two pixels, in scratch
  const uint32_t* end;
  int32_t skip;  // bytes of code in front of the first pair of codes
  int32_t block_bytes;
  bool saturates;  // rescale() is all that there is to do

  DIMPLE_INLINE Product(const ops::Call& c, uint32_t* scratch, int32_t codes);
};

inline constexpr int32_t kUnrolled = 8, kPairBytes = 11 * 4;  // what the assembly below is made of

DIMPLE_INLINE Product::Product(const ops::Call& c, uint32_t* scratch, int32_t codes) : call(c), words(scratch) {
  const int32_t pairs = (codes + 1) / 2;
  end = words + pairs * 2;
  skip = (-pairs & (kUnrolled - 1)) * kPairBytes;
  block_bytes = static_cast<int32_t>(sizeof(chips::Head<kLanes>)) + round_up<int32_t>(pairs * kLanes * 4, 16);
  saturates = c.clamp_low == -128 && c.clamp_high == 127 && chips::all_narrow<kLanes>(c, block_bytes);
}

// Codes in fours: what lies behind the last one meets weights of zero.
DIMPLE_INLINE void widen_two(const int8_t* a, const int8_t* b, int32_t codes, uint32_t* to) {
  for (const int8_t* const end = a + codes; a < end; a += 4, b += 4, to += 4) {
    const uint32_t first = four_codes(a), second = four_codes(b);
    const uint32_t even[] = {widen_even(first), widen_even(second)}, odd[] = {widen_odd(first), widen_odd(second)};
    to[0] = low_halves(even[0], odd[0]), to[1] = low_halves(even[1], odd[1]);
    to[2] = high_halves(even[0], odd[0]), to[3] = high_halves(even[1], odd[1]);
  }
}

// Sums are [pixel][channel]. The first round starts behind the pairs that it has too many.
DIMPLE_INLINE void multiply_two(const Product& p, const uint32_t* weights, int32_t (&sums)[2][kLanes]) {
  const uint32_t* codes = p.words;
  uint32_t a = static_cast<uint32_t>(p.skip), b, u, v;
  asm volatile(
      ".balign 4\n"
      "add pc, %[a]\n"
      "nop\n"
      "1:\n"
      ".rept 8\n"
      "ldrd %[a], %[b], [%[codes]], #8\n"
      "ldrd %[u], %[v], [%[weights]], #8\n"
      "smlad %[s0], %[a], %[u], %[s0]\n"
      "smlad %[t0], %[b], %[u], %[t0]\n"
      "smlad %[s1], %[a], %[v], %[s1]\n"
      "smlad %[t1], %[b], %[v], %[t1]\n"
      "ldrd %[u], %[v], [%[weights]], #8\n"
      "smlad %[s2], %[a], %[u], %[s2]\n"
      "smlad %[t2], %[b], %[u], %[t2]\n"
      "smlad %[s3], %[a], %[v], %[s3]\n"
      "smlad %[t3], %[b], %[v], %[t3]\n"
      ".endr\n"
      "ldr %[a], %[end]\n"
      "cmp %[codes], %[a]\n"
      "bne.w 1b\n"
      : [s0] "+r"(sums[0][0]), [s1] "+r"(sums[0][1]), [s2] "+r"(sums[0][2]), [s3] "+r"(sums[0][3]),
        [t0] "+r"(sums[1][0]), [t1] "+r"(sums[1][1]), [t2] "+r"(sums[1][2]), [t3] "+r"(sums[1][3]), [codes] "+r"(codes),
        [weights] "+r"(weights), [a] "+r"(a), [b] "=&r"(b), [u] "=&r"(u), [v] "=&r"(v)
      : [end] "m"(p.end)
      : "cc", "memory");
}

DIMPLE_INLINE void multiply_one(const Product& p, const uint32_t* weights, int32_t (&sums)[1][kLanes]) {
  for (const uint32_t* codes = p.words; codes < p.end; codes += 2, weights += kLanes)
    for (int32_t c = 0; c < kLanes; ++c) sums[0][c] = add_products(sums[0][c], *codes, weights[c]);
}

// All channels of one or two pixels.
template <int32_t kPixels>
DIMPLE_INLINE void write_pixels(const Product& p, int8_t* to) {
  const int32_t channels = p.call.out.channels;
  const auto* block = static_cast<const char*>(p.call.weight);
  for (int32_t channel = 0; channel < channels; channel += kLanes, block += p.block_bytes) {
    const auto* const head = reinterpret_cast<const chips::Head<kLanes>*>(block);
    int32_t sums[kPixels][kLanes];
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels * kLanes; ++i) sums[i / kLanes][i % kLanes] = head->bias[i % kLanes];
    if constexpr (kPixels == 2)
      multiply_two(p, reinterpret_cast<const uint32_t*>(head + 1), sums);
    else
      multiply_one(p, reinterpret_cast<const uint32_t*>(head + 1), sums);
    if (p.saturates && channel + kLanes <= channels) {
#pragma GCC unroll 4
      for (int32_t c = 0; c < kLanes; ++c)
#pragma GCC unroll 2
        for (int32_t i = 0; i < kPixels; ++i)
          to[i * channels + channel + c] =
              static_cast<int8_t>(rescale(sums[i][c], head->multiplier[c], head->rounding[c], head->shift[c]));
    } else {
      for (int32_t i = 0; i < kPixels; ++i) {
        int32_t lanes[kLanes];
        for (int32_t c = 0; c < kLanes; ++c) lanes[c] = sums[i][c];
        chips::write_codes(p.call, lanes, channel, min_of(kLanes, channels - channel), to + i * channels + channel);
      }
    }
  }
}

}  // namespace dimple::kernels::cortex_m_dsp
