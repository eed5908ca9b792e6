// WebAssembly's vectors of 16 bytes, in the compiler's own words: each of them becomes an instruction.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/four_floats.h"
#include "kernels/vectors/rescale.h"

namespace dimple::kernels::vectors {

// Clang moves a vector of equal counts out of a loop, no longer sees that they are equal, and shifts lane by lane: behind the
// empty line of assembly it makes them where it shifts.
DIMPLE_INLINE Pair operator>>(const Pair& a, int32_t by) {
  if (!__builtin_constant_p(by)) asm volatile("" : "+r"(by));
  return {a.low >> by, a.high >> by};
}

}  // namespace dimple::kernels::vectors

namespace dimple::kernels::wasm_simd {

using vectors::as;
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
using S16x4 [[gnu::vector_size(8)]] = int16_t;
using U16x8 [[gnu::vector_size(16)]] = uint16_t;
using U16x4 [[gnu::vector_size(8)]] = uint16_t;
using U32x4 [[gnu::vector_size(16)]] = uint32_t;
using S32x2 [[gnu::vector_size(8)]] = int32_t;
using S64x2 [[gnu::vector_size(16)]] = int64_t;

DIMPLE_INLINE S16x8 widen(const S8x8& v) { return __builtin_convertvector(v, S16x8); }

DIMPLE_INLINE U32x4 widen_low(const U16x8& v) {
  return __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3), U32x4);
}
DIMPLE_INLINE U32x4 widen_high(const U16x8& v) {
  return __builtin_convertvector(__builtin_shufflevector(v, v, 4, 5, 6, 7), U32x4);
}

// a[2i] * b[2i] + a[2i + 1] * b[2i + 1]. It overflows only where all four are -2^15.
DIMPLE_INLINE S32x4 multiply_pairs(const S16x8& a, const S16x8& b) { return __builtin_wasm_dot_s_i32x4_i16x8(a, b); }

// Whole products of two lanes.
DIMPLE_INLINE S64x2 multiply_low(const S32x4& a, const S32x4& b) {
  const S32x2 x = __builtin_shufflevector(a, a, 0, 1), y = __builtin_shufflevector(b, b, 0, 1);
  return __builtin_convertvector(x, S64x2) * __builtin_convertvector(y, S64x2);
}
DIMPLE_INLINE S64x2 multiply_high(const S32x4& a, const S32x4& b) {
  const S32x2 x = __builtin_shufflevector(a, a, 2, 3), y = __builtin_shufflevector(b, b, 2, 3);
  return __builtin_convertvector(x, S64x2) * __builtin_convertvector(y, S64x2);
}

// (a * b) >> 32
DIMPLE_INLINE S32x4 upper_half(const S32x4& a, const S32x4& b) {
  return __builtin_shufflevector(as<S32x4>(multiply_low(a, b)), as<S32x4>(multiply_high(a, b)), 1, 3, 5, 7);
}

// As kernels/vectors/rescale.h, with one shift for all lanes, as there is no other. The head (Scaling::factor) has
// limit = 2^(shift - 22) and factor = 2^(52 - shift); with x = clamped(sum, -limit, limit) * factor, |x| <= 2^30:
//   floor((sum * multiplier + 2^(shift - 1)) / 2^shift)  =  floor((x * multiplier + 2^51) / 2^52)
// for sums within the limit. For others the multiplier, 2^30 at least, makes both sides 256 and more, or -256 and less:
// beyond all codes, whatever zero point is added. With high = floor(x * multiplier / 2^32), below 2^29:
//   ... + zero_point  =  (high + 2^19 + zero_point * 2^20) >> 20
struct Rescale {
  Pair multiplier, limit, shift, rounding;

  template <class Head>
  DIMPLE_INLINE Rescale(const Head& head, int32_t zero_point)
      : multiplier(head.row(1)), limit(head.row(2)), shift(head.shift()) {
    rounding.low = rounding.high = S32x4{} + ((1 << 19) + zero_point * (1 << 20));
  }

  DIMPLE_INLINE Pair operator()(const Pair& sums) const {
    return {rescaled(sums.low, multiplier.low, limit.low, shift.low, rounding.low),
            rescaled(sums.high, multiplier.high, limit.high, shift.high, rounding.high)};
  }

 private:
  DIMPLE_INLINE static S32x4 rescaled(const S32x4& sums, const S32x4& m, const S32x4& limit, const S32x4& factor,
                                      const S32x4& rounding) {
    const S32x4 x = vectors::clamped(sums, -limit, limit) * factor;
    return (upper_half(x, m) + rounding) >> 20;
  }
};

// The words of kernels/vectors/.
struct Bytes {
  using Code = int16_t;
  using Sums = Pair;
  using Weights = Two<S16x8>;
  using Mixed = Two<S16x8>;
  static constexpr int32_t kLanes = 8, kBytes = 16, kGroup = 2, kSpan = 1, kTilePixels = 4, kTileBlocks = 1,
                           kColumnTile = 2;
  static constexpr bool kStoresPieces = true, kLateZeroPoint = false;

  template <class V>
  DIMPLE_INLINE static void touch(Two<V>& v) {
    asm volatile("" : "+r"(v.low), "+r"(v.high));
  }

  DIMPLE_INLINE static Code move_code(int8_t code) { return code; }

  DIMPLE_INLINE static void move_codes(Code* to, const int8_t* from, int32_t count) {
    int32_t i = 0;
    for (; i + 8 <= count; i += 8) store(to + i, widen(load<S8x8>(from + i)));
    for (; i < count; ++i) to[i] = from[i];
  }

  DIMPLE_INLINE static S16x8 spread(const Code* two) { return as<S16x8>(S32x4{} + load<int32_t>(two)); }

  // |code| <= 128 and |weight| <= 128: two products stay far below 2^31.
  DIMPLE_INLINE static void dot(Pair& sums, const S16x8& codes, const Weights& weights) {
    sums.low += wasm_simd::multiply_pairs(codes, weights.low);
    sums.high += wasm_simd::multiply_pairs(codes, weights.high);
  }
  DIMPLE_INLINE static void dot(Pair& sums, const Two<S16x8>& codes, const Weights& weights) {
    sums.low += wasm_simd::multiply_pairs(codes.low, weights.low);
    sums.high += wasm_simd::multiply_pairs(codes.high, weights.high);
  }

  DIMPLE_INLINE static bool any_negative(const Pair& v) { return __builtin_wasm_bitmask_i32x4(v.low | v.high) != 0; }

  using Multiplier = Pair;

  // (a * multiplier) >> 32
  DIMPLE_INLINE static Pair multiply_high(const Pair& a, const Pair& m) {
    return {upper_half(a.low, m.low), upper_half(a.high, m.high)};
  }

  // As numbers of 32 bits.
  DIMPLE_INLINE static Pair load_codes(const int8_t* from) {
    const S16x8 v = widen(load<S8x8>(from));
    const S16x4 low = __builtin_shufflevector(v, v, 0, 1, 2, 3), high = __builtin_shufflevector(v, v, 4, 5, 6, 7);
    return {__builtin_convertvector(low, S32x4), __builtin_convertvector(high, S32x4)};
  }
  // (a * b) >> (16 + n)
  DIMPLE_INLINE static U16x8 upper_16(const U16x8& a, const U16x8& b, int32_t n) {
    n += 16;
    asm volatile("" : "+r"(n));  // as in >>
    const U32x4 low = widen_low(a) * widen_low(b) >> n, high = widen_high(a) * widen_high(b) >> n;
    return __builtin_shufflevector(as<U16x8>(low), as<U16x8>(high), 0, 2, 4, 6, 8, 10, 12, 14);
  }
  template <class To>
  DIMPLE_INLINE static To narrowed(const U16x8& v) {
    return as<To>(as<S64x2>(__builtin_wasm_narrow_s_i8x16_i16x8(as<S16x8>(v), as<S16x8>(v)))[0]);
  }
  DIMPLE_INLINE static Pair pair(const Pair& a, const Pair& b) {
    return {(a.low & 0xFFFF) | (b.low << 16), (a.high & 0xFFFF) | (b.high << 16)};
  }
  DIMPLE_INLINE static Pair multiply_pairs(const Pair& a, const Pair& b) {
    return {wasm_simd::multiply_pairs(as<S16x8>(a.low), as<S16x8>(b.low)),
            wasm_simd::multiply_pairs(as<S16x8>(a.high), as<S16x8>(b.high))};
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
      store(to, as<S64x2>(half)[kFirst % 2]);
  }

  DIMPLE_INLINE static void store_some(int8_t* to, const Pair& sums, const vectors::Ends& ends, int32_t count) {
    const S8x16 codes = pack(sums, sums, ends);
    if (count >= kLanes) return store(to, as<S64x2>(codes)[0]);
    int8_t lanes[16];
    store(lanes, codes);
    for (int32_t i = 0; i < count; ++i) to[i] = lanes[i];
  }

  DIMPLE_INLINE static void interleave(Code* to, const int8_t* const (&rows)[2], int32_t count) {
    int32_t i = 0;
    for (; i + 8 <= count; i += 8) {
      const S16x8 a = widen(load<S8x8>(rows[0] + i)), b = widen(load<S8x8>(rows[1] + i));
      store(to + 2 * i, __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
      store(to + 2 * i + 8, __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15));
    }
    for (; i < count; ++i) to[2 * i] = rows[0][i], to[2 * i + 1] = rows[1][i];
  }

 private:
  DIMPLE_INLINE static S8x16 pack(const Pair& a, const Pair& b, const vectors::Ends& ends) {
    const S16x8 x = __builtin_wasm_narrow_s_i16x8_i32x4(a.low, a.high);
    const S16x8 y = __builtin_wasm_narrow_s_i16x8_i32x4(b.low, b.high);
    return vectors::clamped_codes<S8x16>(__builtin_wasm_narrow_s_i8x16_i16x8(x, y), ends);
  }
};

// Nothing is fused: an engine that has no such instruction would be slower with it than without.
struct Unfused {
  DIMPLE_INLINE static void multiply_add(F32x4& sum, const F32x4& a, const F32x4& b) { sum += a * b; }
};
using Floats = vectors::FourFloats<Unfused>;

struct WideFloats : vectors::EightFloats<Unfused> {
  static constexpr int32_t kSpan = 1, kTilePixels = 4, kTileBlocks = 1;

  DIMPLE_INLINE static void touch(PairOfFloats& v) { Bytes::touch(v); }
};

// kernels/few_bits/unpack_vectors.h
struct SixteenBytes {
  DIMPLE_INLINE static S8x16 look_up(const S8x16& table, const S8x16& places) {
    return __builtin_wasm_swizzle_i8x16(table, places);
  }
};

}  // namespace dimple::kernels::wasm_simd

template <>
struct dimple::kernels::vectors::Rescale<dimple::kernels::wasm_simd::Bytes> : dimple::kernels::wasm_simd::Rescale {
  DIMPLE_INLINE Rescale(Head<wasm_simd::Bytes> head, int32_t zero_point) : wasm_simd::Rescale(head, zero_point) {}
};
