// AVX-512 with VNNI: 16 sums of 32 bits, and dot products of four unsigned codes with four signed weights.
//
// Instructions that the compilers have no common word for are a line of assembly each.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/look_up.h"
#include "kernels/vectors/store_codes.h"

namespace dimple::kernels::avx512_vnni {

using vectors::as;
using vectors::load;
using vectors::store;

using S32x16 [[gnu::vector_size(64)]] = int32_t;
using S8x16 [[gnu::vector_size(16)]] = int8_t;
using S8x32 [[gnu::vector_size(32)]] = int8_t;
using S8x64 [[gnu::vector_size(64)]] = int8_t;
using F32x16 [[gnu::vector_size(64)]] = float;

// Of two vectors, within each 16 bytes, to one.
#define DIMPLE_X(name, instruction)                             \
  DIMPLE_INLINE S32x16 name(const S32x16& a, const S32x16& b) { \
    S32x16 r;                                                   \
    asm(instruction " %2, %1, %0" : "=v"(r) : "v"(a), "v"(b));  \
    return r;                                                   \
  }
DIMPLE_X(mix_low_bytes, "vpunpcklbw")  // a0 b0 a1 b1 ..
DIMPLE_X(mix_high_bytes, "vpunpckhbw")
DIMPLE_X(mix_low_pairs, "vpunpcklwd")  // the same by two bytes
DIMPLE_X(mix_high_pairs, "vpunpckhwd")
DIMPLE_X(narrow_to_16, "vpackssdw")  // a, then b, in half the bits; the nearest number where they do not fit
DIMPLE_X(narrow_to_8, "vpacksswb")
DIMPLE_X(multiply_pairs, "vpmaddwd")  // a[2i] * b[2i] + a[2i + 1] * b[2i + 1], of 16 bits
DIMPLE_X(multiply_even, "vpmuldq")    // whole products of lanes 0, 2, 4 ..
#undef DIMPLE_X

// v[lanes[0]] v[lanes[1]] ..
DIMPLE_INLINE S32x16 permute(const S32x16& v, const S32x16& lanes) {
  S32x16 r;
  asm("vpermd %1, %2, %0" : "=v"(r) : "v"(v), "v"(lanes));
  return r;
}

// Lanes 1 1 3 3 5 5 ..
DIMPLE_INLINE S32x16 odd_twice(const S32x16& v) {
  return __builtin_shufflevector(v, v, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15);
}

// sum + a[4i] * b[4i] + .. + a[4i + 3] * b[4i + 3], a unsigned, b signed; nothing is saturated.
DIMPLE_INLINE void add_products(S32x16& sums, const S32x16& a, const S32x16& b) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(a), "v"(b));
}

DIMPLE_INLINE S8x16 narrow(const S32x16& v) {
  S8x16 r;
  asm("vpmovsdb %1, %0" : "=v"(r) : "v"(v));
  return r;
}

DIMPLE_INLINE void store_some(int8_t* to, const S8x16& v, int32_t count) {
  const auto lanes = static_cast<uint16_t>((1u << count) - 1);
  asm volatile("vmovdqu8 %1, (%0)%{%2%}" : : "r"(to), "v"(v), "Yk"(lanes) : "memory");
}

// Behind touch the compiler knows nothing of a register.
struct Registers {
  static constexpr int32_t kBytes = 64;

  template <class V>
  DIMPLE_INLINE static void touch(V& v) {
    asm volatile("" : "+v"(v));
  }
};

struct Sixteen {
  int8_t codes[16];
};

// The words of kernels/vectors/.
struct Bytes : Registers {
  using Code = uint8_t;  // code + 128
  using Sums = S32x16;
  using Weights = S32x16;
  using Mixed = S32x16;
  static constexpr int32_t kLanes = 16, kGroup = 4, kSpan = 1, kTilePixels = 6, kTileBlocks = 4, kColumnTile = 4;
  static constexpr bool kStoresPieces = false, kLateZeroPoint = false;

  struct Multiplier {
    S32x16 even, odd;

    DIMPLE_INLINE explicit Multiplier(const S32x16& v) : even(v), odd(odd_twice(v)) {}
  };

  DIMPLE_INLINE static Code move_code(int8_t code) { return static_cast<uint8_t>(code + 128); }

  DIMPLE_INLINE static void move_codes(Code* to, const int8_t* from, int32_t count) {
    const S8x64 sign = S8x64{} + int8_t{-128};
    int32_t i = 0;
    for (; i + 64 <= count; i += 64) store(to + i, load<S8x64>(from + i) ^ sign);
    for (; i + 16 <= count; i += 16) store(to + i, load<S8x16>(from + i) ^ (S8x16{} + int8_t{-128}));
    for (; i < count; ++i) to[i] = move_code(from[i]);
  }

  DIMPLE_INLINE static S32x16 spread(const Code* four) { return S32x16{} + load<int32_t>(four); }

  DIMPLE_INLINE static void dot(Sums& sums, const S32x16& codes, const Weights& weights) {
    add_products(sums, codes, weights);
  }

  // (a * multiplier) >> 32
  DIMPLE_INLINE static Sums multiply_high(const Sums& a, const Multiplier& m) {
    const S32x16 at_even = multiply_even(a, m.even);
    S32x16 high = multiply_even(odd_twice(a), m.odd);
    const uint16_t even = 0x5555;
    asm("vmovshdup %1, %0%{%2%}" : "+v"(high) : "v"(at_even), "Yk"(even));
    return high;
  }

  DIMPLE_INLINE static bool any_negative(const Sums& v) {
    uint16_t lanes;
    asm("vpmovd2m %1, %0" : "=Yk"(lanes) : "v"(v));
    return lanes != 0;
  }

  // As numbers of 32 bits.
  DIMPLE_INLINE static Sums load_codes(const int8_t* from) {
    Sums v;
    asm("vpmovsxbd %1, %0" : "=v"(v) : "m"(*reinterpret_cast<const Sixteen*>(from)));
    return v;
  }
  // (a * b) >> (16 + n), of unsigned numbers of 16 bits.
  template <class V>
  DIMPLE_INLINE static V upper_16(const V& a, const V& b, int32_t n) {
    V r;
    asm("vpmulhuw %2, %1, %0" : "=v"(r) : "v"(a), "v"(b));
    return r >> n;
  }
  template <class To, class V>
  DIMPLE_INLINE static To narrowed(const V& v) {
    return __builtin_convertvector(v, To);
  }
  DIMPLE_INLINE static Sums pair(const Sums& a, const Sums& b) { return (a & 0xFFFF) | (b << 16); }
  DIMPLE_INLINE static Sums multiply_pairs(const Sums& a, const Sums& b) { return avx512_vnni::multiply_pairs(a, b); }

  DIMPLE_INLINE static S8x64 pack(const Sums (&sums)[4], const vectors::Ends& ends) {
    // Packing goes by 16 bytes: 4 lanes of each vector, in each of four parts.
    const S32x16 parts = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
    const S32x16 packed = narrow_to_8(narrow_to_16(sums[0], sums[1]), narrow_to_16(sums[2], sums[3]));
    return vectors::clamped_codes(as<S8x64>(permute(packed, parts)), ends);
  }

  template <int32_t kFirst, int32_t kVectors>
  DIMPLE_INLINE static void store_piece(int8_t* to, const S8x64& packed) {
    if (kVectors == 2)
      asm volatile("vextracti64x4 %2, %1, (%0)" : : "r"(to), "v"(packed), "i"(kFirst / 2) : "memory");
    else
      asm volatile("vextracti32x4 %2, %1, (%0)" : : "r"(to), "v"(packed), "i"(kFirst) : "memory");
  }

  DIMPLE_INLINE static void store_some(int8_t* to, const Sums& sums, const vectors::Ends& ends, int32_t count) {
    const S8x16 codes = vectors::clamped_codes(narrow(sums), ends);
    if (count >= kLanes) return store(to, codes);
    avx512_vnni::store_some(to, codes, count);
  }

  // Four rows, 64 codes at a time. Mixing goes by 16 bytes: words are put in order first, so that each part of a vector
  // holds its own share of channels.
  DIMPLE_INLINE static void interleave(Code* to, const int8_t* const (&rows)[4], int32_t count) {
    const S32x16 parts = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
    const S32x16 sign = as<S32x16>(S8x64{} + int8_t{-128});
    int32_t i = 0;
    for (; i + 64 <= count; i += 64) {
      S32x16 row[4];
      for (int32_t r = 0; r < 4; ++r) row[r] = permute(load<S32x16>(rows[r] + i) ^ sign, parts);
      const S32x16 low01 = mix_low_bytes(row[0], row[1]), high01 = mix_high_bytes(row[0], row[1]);
      const S32x16 low23 = mix_low_bytes(row[2], row[3]), high23 = mix_high_bytes(row[2], row[3]);
      store(to + 4 * i, mix_low_pairs(low01, low23));
      store(to + 4 * i + 64, mix_high_pairs(low01, low23));
      store(to + 4 * i + 128, mix_low_pairs(high01, high23));
      store(to + 4 * i + 192, mix_high_pairs(high01, high23));
    }
    for (; i < count; ++i)
      for (int32_t r = 0; r < 4; ++r) to[4 * i + r] = move_code(rows[r][i]);
  }
};

// Shuffles go by 16 bytes.
struct Shuffles {
  using Codes = S8x64;

  DIMPLE_INLINE static Codes spread(const int8_t* sixteen) {
    Codes r;
    asm("vbroadcasti32x4 %1, %0" : "=v"(r) : "m"(*reinterpret_cast<const Sixteen*>(sixteen)));
    return r;
  }
  DIMPLE_INLINE static Codes add_saturated(const Codes& a, const Codes& b) {
    Codes r;
    asm("vpaddusb %2, %1, %0" : "=v"(r) : "v"(a), "v"(b));
    return r;
  }
  DIMPLE_INLINE static Codes shuffle(const Codes& part, const Codes& places) {
    Codes r;
    asm("vpshufb %2, %1, %0" : "=v"(r) : "v"(part), "v"(places));
    return r;
  }
};
using LookUp = vectors::LookUpByParts<Shuffles>;

struct Floats : Registers {
  using Sums = F32x16;
  using Ints = S32x16;
  static constexpr int32_t kLanes = 16, kSpan = 1, kTilePixels = 6, kTileBlocks = 4, kColumnTile = 4;
  static constexpr bool kMasksLanes = true;

  DIMPLE_INLINE static Sums spread(const float* value) {
    Sums v;
    asm("vbroadcastss %1, %0" : "=v"(v) : "m"(*value));
    return v;
  }
  DIMPLE_INLINE static void dot(Sums& sums, const Sums& a, const Sums& b) {
    asm("vfmadd231ps %2, %1, %0" : "+v"(sums) : "v"(a), "v"(b));
  }
  DIMPLE_INLINE static Sums load_some(const float* from, int32_t count) {
    if (count >= kLanes) return load<Sums>(from);
    const auto lanes = static_cast<uint16_t>((1u << count) - 1);
    Sums v;
    asm volatile("vmovups (%1), %0%{%2%}%{z%}" : "=v"(v) : "r"(from), "Yk"(lanes) : "memory");
    return v;
  }
  DIMPLE_INLINE static void store_some(float* to, const Sums& v, int32_t count) {
    if (count >= kLanes) return store(to, v);
    const auto lanes = static_cast<uint16_t>((1u << count) - 1);
    asm volatile("vmovups %1, (%0)%{%2%}" : : "r"(to), "v"(v), "Yk"(lanes) : "memory");
  }
};

}  // namespace dimple::kernels::avx512_vnni
