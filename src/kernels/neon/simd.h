// 64-bit ARM's vectors of 16 bytes. Instructions that the compilers have no common word for are a line of assembly
// each.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/four_floats.h"
#include "kernels/vectors/rescale.h"

namespace dimple::kernels::neon {

using vectors::F32x4;
using vectors::load;
using vectors::Pair;
using vectors::PairOfFloats;
using vectors::S32x4;
using vectors::store;
using vectors::Two;

using S8x8 [[gnu::vector_size(8)]] = int8_t;
using S8x16 [[gnu::vector_size(16)]] = int8_t;
using S16x8 [[gnu::vector_size(16)]] = int16_t;
using U16x8 [[gnu::vector_size(16)]] = uint16_t;
using S64x2 [[gnu::vector_size(16)]] = int64_t;

// floor(a * b / 2^31), for b above -2^31
DIMPLE_INLINE S32x4 multiply_high_twice(const S32x4& a, const S32x4& b) {
  S32x4 r;
  asm("sqdmulh %0.4s, %1.4s, %2.4s" : "=w"(r) : "w"(a), "w"(b));
  return r;
}

// The nearest number where the sum does not fit.
DIMPLE_INLINE S16x8 add_saturated(const S16x8& a, const S16x8& b) {
  S16x8 r;
  asm("sqadd %0.8h, %1.8h, %2.8h" : "=w"(r) : "w"(a), "w"(b));
  return r;
}

// floor((v + 2^(n - 1)) / 2^n), for left = -n below 0.
DIMPLE_INLINE S32x4 shift_rounded(const S32x4& v, const S32x4& left) {
  S32x4 r;
  asm("srshl %0.4s, %1.4s, %2.4s" : "=w"(r) : "w"(v), "w"(left));
  return r;
}

// Of two numbers of 16 bits in each lane: a.low * b.low + a.high * b.high
DIMPLE_INLINE S32x4 multiply_pairs(const S32x4& a, const S32x4& b) {
  S32x4 first, second;
  asm("smull %0.4s, %1.4h, %2.4h" : "=w"(first) : "w"(a), "w"(b));
  asm("smull2 %0.4s, %1.8h, %2.8h" : "=w"(second) : "w"(a), "w"(b));
  asm("addp %0.4s, %0.4s, %1.4s" : "+w"(first) : "w"(second));
  return first;
}

// In half the bits; the nearest number where they do not fit.
DIMPLE_INLINE S16x8 narrow_to_16(const Pair& v) {
  S16x8 r;
  asm("sqxtn %0.4h, %1.4s" : "=w"(r) : "w"(v.low));
  asm("sqxtn2 %0.8h, %1.4s" : "+w"(r) : "w"(v.high));
  return r;
}
DIMPLE_INLINE S8x16 narrow_to_8(const S16x8& low, const S16x8& high) {
  S8x16 r;
  asm("sqxtn %0.8b, %1.8h" : "=w"(r) : "w"(low));
  asm("sqxtn2 %0.16b, %1.8h" : "+w"(r) : "w"(high));
  return r;
}

DIMPLE_INLINE S8x16 clamped(S8x16 v, const S8x16& low, const S8x16& high) {
  asm("smax %0.16b, %0.16b, %1.16b\n\tsmin %0.16b, %0.16b, %2.16b" : "+w"(v) : "w"(low), "w"(high));
  return v;
}

// As kernels/vectors/rescale.h, from twice the product's upper half. With n = shift - 31 in 2 .. 23:
//   floor((sum * multiplier + 2^(shift - 1)) / 2^shift)  =  floor((floor(sum * multiplier / 2^31) + 2^(n - 1)) / 2^n)
// which is below 2^30. The head's shift s is n - 1: -n = ~s.
struct Rescale {
  Pair multiplier, left;

  template <class Head>
  DIMPLE_INLINE explicit Rescale(const Head& head) : multiplier(head.row(1)) {
    const Pair shift = head.shift();
    left = {~shift.low, ~shift.high};
  }

  DIMPLE_INLINE Pair operator()(const Pair& sums) const {
    return {shift_rounded(multiply_high_twice(sums.low, multiplier.low), left.low),
            shift_rounded(multiply_high_twice(sums.high, multiplier.high), left.high)};
  }
};

// Words of kernels/vectors/ that NEON has with and without dot products.
struct Words {
  using Sums = Pair;
  static constexpr int32_t kLanes = 8, kBytes = 16;
  static constexpr bool kStoresPieces = true, kLateZeroPoint = true;

  template <class V>
  DIMPLE_INLINE static void touch(V& v) {
    asm volatile("" : "+w"(v));
  }
  template <class V>
  DIMPLE_INLINE static void touch(Two<V>& v) {
    asm volatile("" : "+w"(v.low), "+w"(v.high));
  }

  DIMPLE_INLINE static bool any_negative(const Pair& v) {
    const S32x4 either = v.low | v.high;
    int32_t smallest;
    asm("sminv %s0, %1.4s" : "=w"(smallest) : "w"(either));
    return smallest < 0;
  }

  using Multiplier = Pair;

  // (a * multiplier) >> 32
  DIMPLE_INLINE static Pair multiply_high(const Pair& a, const Pair& m) {
    return Pair{multiply_high_twice(a.low, m.low), multiply_high_twice(a.high, m.high)} >> 1;
  }

  // As numbers of 32 bits.
  DIMPLE_INLINE static Pair load_codes(const int8_t* from) {
    S16x8 wide;
    asm("sxtl %0.8h, %1.8b" : "=w"(wide) : "w"(load<S8x8>(from)));
    Pair v;
    asm("sxtl %0.4s, %1.4h" : "=w"(v.low) : "w"(wide));
    asm("sxtl2 %0.4s, %1.8h" : "=w"(v.high) : "w"(wide));
    return v;
  }
  // (a * b) >> (16 + n)
  DIMPLE_INLINE static U16x8 upper_16(const U16x8& a, const U16x8& b, int32_t n) {
    U16x8 low, high;
    asm("umull %0.4s, %1.4h, %2.4h" : "=w"(low) : "w"(a), "w"(b));
    asm("umull2 %0.4s, %1.8h, %2.8h" : "=w"(high) : "w"(a), "w"(b));
    return __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15) >> n;
  }
  template <class To>
  DIMPLE_INLINE static To narrowed(const U16x8& v) {
    return __builtin_convertvector(v, To);
  }
  DIMPLE_INLINE static Pair pair(const Pair& a, const Pair& b) {
    Pair v = a;
    asm("sli %0.4s, %1.4s, #16" : "+w"(v.low) : "w"(b.low));
    asm("sli %0.4s, %1.4s, #16" : "+w"(v.high) : "w"(b.high));
    return v;
  }
  DIMPLE_INLINE static Pair multiply_pairs(const Pair& a, const Pair& b) {
    return {neon::multiply_pairs(a.low, b.low), neon::multiply_pairs(a.high, b.high)};
  }

  DIMPLE_INLINE static Two<S8x16> pack(const Pair (&sums)[4], const vectors::Ends& ends) {
    return {pack(sums[0], sums[1], ends), pack(sums[2], sums[3], ends)};
  }

  template <int32_t kFirst, int32_t kVectors>
  DIMPLE_INLINE static void store_piece(int8_t* to, const Two<S8x16>& packed) {
    const S8x16 half = kFirst < 2 ? packed.low : packed.high;
    if (kVectors == 2)
      store(to, half);
    else
      store(to, vectors::as<S64x2>(half)[kFirst % 2]);
  }

  DIMPLE_INLINE static void store_some(int8_t* to, const Pair& sums, const vectors::Ends& ends, int32_t count) {
    const S8x16 codes = pack(sums, sums, ends);
    if (count >= kLanes) return store(to, vectors::as<S64x2>(codes)[0]);
    int8_t lanes[16];
    store(lanes, codes);
    for (int32_t i = 0; i < count; ++i) to[i] = lanes[i];
  }

 private:
  // A number that left 16 bits lies beyond all codes, with the zero point as without.
  DIMPLE_INLINE static S8x16 pack(const Pair& a, const Pair& b, const vectors::Ends& ends) {
    const S16x8 zero_point = S16x8{} + static_cast<int16_t>(ends.zero_point);
    const S8x16 codes =
        narrow_to_8(add_saturated(narrow_to_16(a), zero_point), add_saturated(narrow_to_16(b), zero_point));
    return clamped(codes, S8x16{} + static_cast<int8_t>(ends.low), S8x16{} + static_cast<int8_t>(ends.high));
  }
};

// The words without dot products: 16-bit codes, one product for each sum at a time.
struct Bytes : Words {
  // Of which a product takes a lane; by-lane instructions know only the lower 16 registers.
  struct Span {
    S16x8 codes;
  };

  using Code = int16_t;
  using Weights = S16x8;
  using Mixed = S16x8;
  static constexpr int32_t kGroup = 1, kSpan = 8, kTilePixels = 4, kTileBlocks = 2, kColumnTile = 6;

  DIMPLE_INLINE static Code move_code(int8_t code) { return code; }

  DIMPLE_INLINE static void move_codes(Code* to, const int8_t* from, int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) {
      const S8x16 codes = load<S8x16>(from + i);
      S16x8 low, high;
      asm("sxtl %0.8h, %1.8b" : "=w"(low) : "w"(codes));
      asm("sxtl2 %0.8h, %1.16b" : "=w"(high) : "w"(codes));
      store(to + i, low);
      store(to + i + 8, high);
    }
    for (; i < count; ++i) to[i] = from[i];
  }

  DIMPLE_INLINE static Span spread(const Code* one) {
    Span span;
    asm("ldr %h0, %1" : "=x"(span.codes) : "m"(*one));
    return span;
  }
  DIMPLE_INLINE static void dot(Pair& sums, const Span& codes, const Weights& weights) {
    dot_lane<0>(sums, codes, weights);
  }

  DIMPLE_INLINE static Span load_span(const Code* codes) { return {load<S16x8>(codes)}; }
  template <int32_t kLane>
  DIMPLE_INLINE static void dot_lane(Pair& sums, const Span& codes, const Weights& weights) {
    asm("smlal %0.4s, %1.4h, %2.h[%3]" : "+w"(sums.low) : "w"(weights), "x"(codes.codes), "i"(kLane));
    asm("smlal2 %0.4s, %1.8h, %2.h[%3]" : "+w"(sums.high) : "w"(weights), "x"(codes.codes), "i"(kLane));
  }

  DIMPLE_INLINE static void dot(Pair& sums, const S16x8& codes, const Weights& weights) {
    asm("smlal %0.4s, %1.4h, %2.4h" : "+w"(sums.low) : "w"(weights), "w"(codes));
    asm("smlal2 %0.4s, %1.8h, %2.8h" : "+w"(sums.high) : "w"(weights), "w"(codes));
  }

  DIMPLE_INLINE static void interleave(Code* to, const int8_t* const (&rows)[1], int32_t count) {
    move_codes(to, rows[0], count);
  }
};

// kernels/few_bits/unpack_vectors.h
struct SixteenBytes {
  DIMPLE_INLINE static S8x16 look_up(const S8x16& table, const S8x16& places) {
    S8x16 r;
    asm("tbl %0.16b, {%1.16b}, %2.16b" : "=w"(r) : "w"(table), "w"(places));
    return r;
  }
};

struct LookUp {
  static constexpr int32_t kAtOnce = 64;

  struct Table {
    const int8_t* codes;

    DIMPLE_INLINE explicit Table(const int8_t* from) : codes(from) {}

    // The table fills 16 registers. A quarter of it is asked at a time: places beyond leave what was found (tbx).
    DIMPLE_INLINE void look_up(const int8_t* from, int8_t* to) const {
      const int8_t* part = codes;
      const S8x16 sign = S8x16{} + int8_t{-128}, quarter = S8x16{} + int8_t{64};
      asm volatile(
          "ld1 {v16.16b-v19.16b}, [%0], #64\n\tld1 {v20.16b-v23.16b}, [%0], #64\n\t"
          "ld1 {v24.16b-v27.16b}, [%0], #64\n\tld1 {v28.16b-v31.16b}, [%0]\n\t"
          "mov x9, #0\n"
          "1:\n\tldr q0, [%1, x9]\n\teor v0.16b, v0.16b, %3.16b\n\t"
          "tbl v1.16b, {v16.16b-v19.16b}, v0.16b\n\tsub v0.16b, v0.16b, %4.16b\n\t"
          "tbx v1.16b, {v20.16b-v23.16b}, v0.16b\n\tsub v0.16b, v0.16b, %4.16b\n\t"
          "tbx v1.16b, {v24.16b-v27.16b}, v0.16b\n\tsub v0.16b, v0.16b, %4.16b\n\t"
          "tbx v1.16b, {v28.16b-v31.16b}, v0.16b\n\tstr q1, [%2, x9]\n\t"
          "add x9, x9, #16\n\tcmp x9, #64\n\tb.ne 1b"
          : "+r"(part)
          : "r"(from), "r"(to), "w"(sign), "w"(quarter)
          : "memory", "cc", "x9", "v0", "v1", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25",
            "v26", "v27", "v28", "v29", "v30", "v31");
    }
  };
};

struct Fused {
  DIMPLE_INLINE static void multiply_add(F32x4& sum, const F32x4& a, const F32x4& b) {
    asm("fmla %0.4s, %1.4s, %2.4s" : "+w"(sum) : "w"(a), "w"(b));
  }
};
using Floats = vectors::FourFloats<Fused>;

// A product takes its values from the lanes of a vector.
struct WideFloats : vectors::EightFloats<Fused> {
  static constexpr int32_t kSpan = 4, kTilePixels = 4, kTileBlocks = 2;

  DIMPLE_INLINE static void touch(PairOfFloats& v) { Words::touch(v); }

  DIMPLE_INLINE static F32x4 load_span(const float* values) { return load<F32x4>(values); }
  template <int32_t kLane>
  DIMPLE_INLINE static void dot_lane(PairOfFloats& sums, const F32x4& values, const PairOfFloats& weights) {
    asm("fmla %0.4s, %1.4s, %2.s[%3]" : "+w"(sums.low) : "w"(weights.low), "w"(values), "i"(kLane));
    asm("fmla %0.4s, %1.4s, %2.s[%3]" : "+w"(sums.high) : "w"(weights.high), "w"(values), "i"(kLane));
  }
};

}  // namespace dimple::kernels::neon

template <>
struct dimple::kernels::vectors::Rescale<dimple::kernels::neon::Bytes> : dimple::kernels::neon::Rescale {
  DIMPLE_INLINE Rescale(Head<neon::Bytes> head, int32_t /*zero_point: late*/) : neon::Rescale(head) {}
};
