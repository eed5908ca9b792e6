// AVX2: 8 sums of 32 bits, and products of 16-bit numbers added up by pairs.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/look_up.h"
#include "kernels/vectors/store_codes.h"

namespace dimple::kernels::avx2 {

using vectors::as;
using vectors::load;
using vectors::store;

using S8x8 [[gnu::vector_size(8)]] = int8_t;
using S8x16 [[gnu::vector_size(16)]] = int8_t;
using S8x32 [[gnu::vector_size(32)]] = int8_t;
using S16x16 [[gnu::vector_size(32)]] = int16_t;
using S32x8 [[gnu::vector_size(32)]] = int32_t;
using F32x8 [[gnu::vector_size(32)]] = float;
using S64x4 [[gnu::vector_size(32)]] = int64_t;

DIMPLE_INLINE S16x16 widen(const S8x16& v) { return __builtin_convertvector(v, S16x16); }

// a[2i] * b[2i] + a[2i + 1] * b[2i + 1]. It overflows only where all four are -2^15.
DIMPLE_INLINE S32x8 multiply_pairs(const S16x16& a, const S16x16& b) {
  using Builtin [[gnu::vector_size(32)]] = short;
  using Sums [[gnu::vector_size(32)]] = int;
  return as<S32x8>(static_cast<Sums>(__builtin_ia32_pmaddwd256(as<Builtin>(a), as<Builtin>(b))));
}

// Whole products of lanes 0, 2, 4, 6.
DIMPLE_INLINE S64x4 multiply_even(const S32x8& a, const S32x8& b) {
  using Words [[gnu::vector_size(32)]] = int;
  return as<S64x4>(__builtin_ia32_pmuldq256(as<Words>(a), as<Words>(b)));
}

// Lanes 1 1 3 3 5 5 7 7.
DIMPLE_INLINE S32x8 odd_twice(const S32x8& v) { return __builtin_shufflevector(v, v, 1, 1, 3, 3, 5, 5, 7, 7); }

// Within each 16 bytes a, then b, in half the bits; the nearest number where they do not fit.
DIMPLE_INLINE S16x16 narrow_to_16(const S32x8& a, const S32x8& b) {
  S16x16 r;
  asm("vpackssdw %2, %1, %0" : "=x"(r) : "x"(a), "x"(b));
  return r;
}
DIMPLE_INLINE S8x32 narrow_to_8(const S16x16& a, const S16x16& b) {
  S8x32 r;
  asm("vpacksswb %2, %1, %0" : "=x"(r) : "x"(a), "x"(b));
  return r;
}

// Behind touch the compiler knows nothing of a register.
struct Registers {
  static constexpr int32_t kBytes = 32;

  template <class V>
  DIMPLE_INLINE static void touch(V& v) {
    asm volatile("" : "+x"(v));
  }
};

struct Sixteen {
  int8_t codes[16];
};
struct Eight {
  int8_t codes[8];
};

// The words of kernels/vectors/.
struct Bytes : Registers {
  using Code = int16_t;
  using Sums = S32x8;
  using Weights = S16x16;
  using Mixed = S16x16;
  static constexpr int32_t kLanes = 8, kGroup = 2, kSpan = 1, kTilePixels = 4, kTileBlocks = 2, kColumnTile = 4;
  static constexpr bool kStoresPieces = true, kLateZeroPoint = false;

  struct Multiplier {
    S32x8 even, odd;

    DIMPLE_INLINE explicit Multiplier(const S32x8& v) : even(v), odd(odd_twice(v)) {}
  };

  DIMPLE_INLINE static Code move_code(int8_t code) { return code; }

  DIMPLE_INLINE static void move_codes(Code* to, const int8_t* from, int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) store(to + i, widen(load<S8x16>(from + i)));
    for (; i < count; ++i) to[i] = from[i];
  }

  DIMPLE_INLINE static S16x16 spread(const Code* two) { return as<S16x16>(S32x8{} + load<int32_t>(two)); }

  // |code| <= 128 and |weight| <= 128: two products stay far below 2^31.
  DIMPLE_INLINE static void dot(Sums& sums, const S16x16& codes, const Weights& weights) {
    sums += avx2::multiply_pairs(codes, weights);
  }

  // (a * multiplier) >> 32
  DIMPLE_INLINE static Sums multiply_high(const Sums& a, const Multiplier& m) {
    const S32x8 at_even = odd_twice(as<S32x8>(multiply_even(a, m.even)));
    const S32x8 at_odd = as<S32x8>(multiply_even(odd_twice(a), m.odd));
    return __builtin_shufflevector(at_even, at_odd, 0, 9, 2, 11, 4, 13, 6, 15);
  }

  DIMPLE_INLINE static bool any_negative(const Sums& v) {
    using Floats [[gnu::vector_size(32)]] = float;
    return __builtin_ia32_movmskps256(as<Floats>(v)) != 0;
  }

  // As numbers of 32 bits.
  DIMPLE_INLINE static Sums load_codes(const int8_t* from) {
    Sums v;
    asm("vpmovsxbd %1, %0" : "=x"(v) : "m"(*reinterpret_cast<const Eight*>(from)));
    return v;
  }
  // (a * b) >> (16 + n), of unsigned numbers of 16 bits.
  template <class V>
  DIMPLE_INLINE static V upper_16(const V& a, const V& b, int32_t n) {
    V r;
    asm("vpmulhuw %2, %1, %0" : "=x"(r) : "x"(a), "x"(b));
    return r >> n;
  }
  template <class To, class V>
  DIMPLE_INLINE static To narrowed(const V& v) {
    return __builtin_convertvector(v, To);
  }
  DIMPLE_INLINE static Sums pair(const Sums& a, const Sums& b) { return (a & 0xFFFF) | (b << 16); }
  DIMPLE_INLINE static Sums multiply_pairs(const Sums& a, const Sums& b) {
    return avx2::multiply_pairs(as<S16x16>(a), as<S16x16>(b));
  }

  DIMPLE_INLINE static S8x32 pack(const Sums (&sums)[4], const vectors::Ends& ends) {
    // Packing goes by 16 bytes: 4 lanes of each vector, in each of two parts.
    const S16x16 front = narrow_to_16(sums[0], sums[1]), back = narrow_to_16(sums[2], sums[3]);
    const S32x8 packed = as<S32x8>(narrow_to_8(front, back));
    return vectors::clamped_codes(as<S8x32>(__builtin_shufflevector(packed, packed, 0, 4, 1, 5, 2, 6, 3, 7)), ends);
  }

  template <int32_t kFirst, int32_t kVectors>
  DIMPLE_INLINE static void store_piece(int8_t* to, const S8x32& packed) {
    const S64x4 parts = as<S64x4>(packed);
    if (kVectors == 2)
      store(to, __builtin_shufflevector(parts, parts, kFirst, kFirst + 1));
    else
      store(to, parts[kFirst]);
  }

  DIMPLE_INLINE static void store_some(int8_t* to, const Sums& sums, const vectors::Ends& ends, int32_t count) {
    const Sums four[4] = {sums, sums, sums, sums};
    const S8x32 codes = pack(four, ends);
    if (count >= kLanes) return store_piece<0, 1>(to, codes);
    for (int32_t i = 0; i < count; ++i) to[i] = codes[i];
  }

  DIMPLE_INLINE static void interleave(Code* to, const int8_t* const (&rows)[2], int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) {
      const S8x16 a = load<S8x16>(rows[0] + i), b = load<S8x16>(rows[1] + i);
      store(to + 2 * i, widen(__builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)));
      store(to + 2 * i + 16,
            widen(__builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)));
    }
    for (; i < count; ++i) to[2 * i] = rows[0][i], to[2 * i + 1] = rows[1][i];
  }
};

// Shuffles go by 16 bytes.
struct Shuffles {
  using Codes = S8x32;

  DIMPLE_INLINE static Codes spread(const int8_t* sixteen) {
    Codes r;
    asm("vbroadcasti128 %1, %0" : "=x"(r) : "m"(*reinterpret_cast<const Sixteen*>(sixteen)));
    return r;
  }
  DIMPLE_INLINE static Codes add_saturated(const Codes& a, const Codes& b) {
    Codes r;
    asm("vpaddusb %2, %1, %0" : "=x"(r) : "x"(a), "x"(b));
    return r;
  }
  DIMPLE_INLINE static Codes shuffle(const Codes& part, const Codes& places) {
    Codes r;
    asm("vpshufb %2, %1, %0" : "=x"(r) : "x"(part), "x"(places));
    return r;
  }
};
using LookUp = vectors::LookUpByParts<Shuffles>;

// kernels/few_bits/unpack_vectors.h
struct SixteenBytes {
  DIMPLE_INLINE static S8x16 look_up(const S8x16& table, const S8x16& places) {
    S8x16 r;
    asm("vpshufb %2, %1, %0" : "=x"(r) : "x"(table), "x"(places));
    return r;
  }
};

struct Floats : Registers {
  using Sums = F32x8;
  using Ints = S32x8;
  static constexpr int32_t kLanes = 8, kSpan = 1, kTilePixels = 6, kTileBlocks = 2, kColumnTile = 4;
  static constexpr bool kMasksLanes = true;

  DIMPLE_INLINE static Sums spread(const float* value) {
    Sums v;
    asm("vbroadcastss %1, %0" : "=x"(v) : "m"(*value));
    return v;
  }
  DIMPLE_INLINE static void dot(Sums& sums, const Sums& a, const Sums& b) {
    asm("vfmadd231ps %2, %1, %0" : "+x"(sums) : "x"(a), "x"(b));
  }
  DIMPLE_INLINE static Sums load_some(const float* from, int32_t count) {
    if (count >= kLanes) return load<Sums>(from);
    Sums v;
    asm volatile("vmaskmovps (%1), %2, %0" : "=x"(v) : "r"(from), "x"(first_lanes(count)) : "memory");
    return v;
  }
  DIMPLE_INLINE static void store_some(float* to, const Sums& v, int32_t count) {
    if (count >= kLanes) return store(to, v);
    asm volatile("vmaskmovps %1, %2, (%0)" : : "r"(to), "x"(v), "x"(first_lanes(count)) : "memory");
  }

 private:
  DIMPLE_INLINE static S32x8 first_lanes(int32_t count) { return S32x8{0, 1, 2, 3, 4, 5, 6, 7} < count; }
};

}  // namespace dimple::kernels::avx2
