// NEON with the dot products of ARMv8.2: four products of codes, added up, in each of four sums.
#pragma once
#include "kernels/neon/simd.h"

namespace dimple::kernels::neon_dot {

using neon::S8x16;
using vectors::load;
using vectors::Pair;
using vectors::S32x4;
using vectors::store;

DIMPLE_INLINE void add_products(S32x4& sums, const S8x16& a, const S8x16& b) {
  asm("sdot %0.4s, %1.16b, %2.16b" : "+w"(sums) : "w"(a), "w"(b));
}

// The four codes of a lane, times those of every sum.
template <int32_t kLane>
DIMPLE_INLINE void add_products_of_lane(S32x4& sums, const S8x16& weights, const S8x16& codes) {
  asm("sdot %0.4s, %1.16b, %2.4b[%3]" : "+w"(sums) : "w"(weights), "w"(codes), "i"(kLane));
}

// The words of kernels/vectors/.
struct Bytes : neon::Words {
  using Codes = vectors::Two<S8x16>;
  using Code = int8_t;
  using Weights = Codes;
  using Mixed = Codes;
  static constexpr int32_t kGroup = 4, kSpan = 4, kTilePixels = 4, kTileBlocks = 2, kColumnTile = 6;

  DIMPLE_INLINE static Code move_code(int8_t code) { return code; }

  DIMPLE_INLINE static void move_codes(Code* to, const int8_t* from, int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) store(to + i, load<S8x16>(from + i));
    for (; i < count; ++i) to[i] = from[i];
  }

  // One group, in lane 0.
  DIMPLE_INLINE static S8x16 spread(const Code* four) {
    S8x16 codes;
    asm("ldr %s0, %1" : "=w"(codes) : "m"(*reinterpret_cast<const Four*>(four)));
    return codes;
  }
  DIMPLE_INLINE static void dot(Pair& sums, const S8x16& codes, const Codes& weights) {
    dot_lane<0>(sums, codes, weights);
  }

  DIMPLE_INLINE static S8x16 load_span(const Code* codes) { return load<S8x16>(codes); }
  template <int32_t kLane>
  DIMPLE_INLINE static void dot_lane(Pair& sums, const S8x16& codes, const Codes& weights) {
    add_products_of_lane<kLane>(sums.low, weights.low, codes);
    add_products_of_lane<kLane>(sums.high, weights.high, codes);
  }

  DIMPLE_INLINE static void dot(Pair& sums, const Codes& codes, const Codes& weights) {
    add_products(sums.low, codes.low, weights.low);
    add_products(sums.high, codes.high, weights.high);
  }

  DIMPLE_INLINE static void interleave(Code* to, const int8_t* const (&rows)[4], int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) {
      register const S8x16 a asm("v0") = load<S8x16>(rows[0] + i), b asm("v1") = load<S8x16>(rows[1] + i),
                             c asm("v2") = load<S8x16>(rows[2] + i), d asm("v3") = load<S8x16>(rows[3] + i);
      asm volatile("st4 {v0.16b-v3.16b}, [%0]" : : "r"(to + 4 * i), "w"(a), "w"(b), "w"(c), "w"(d) : "memory");
    }
    for (; i < count; ++i)
      for (int32_t r = 0; r < 4; ++r) to[4 * i + r] = rows[r][i];
  }

 private:
  struct Four {
    int8_t codes[4];
  };
};

}  // namespace dimple::kernels::neon_dot

template <>
struct dimple::kernels::vectors::Rescale<dimple::kernels::neon_dot::Bytes> : dimple::kernels::neon::Rescale {
  DIMPLE_INLINE Rescale(Head<neon_dot::Bytes> head, int32_t /*zero_point: late*/) : neon::Rescale(head) {}
};
