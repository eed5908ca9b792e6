// Codes with a codebook, sixteen at a time, where vectors look bytes up in a table of sixteen. No byte behind the weights
// is read: the last few go one by one.
//
// Words of W: look_up(table, places), sixteen bytes at places in 0 .. 15.
#pragma once
#include "kernels/few_bits/scratch.h"
#include "kernels/vectors/vector.h"
#include "ops/codebook.h"

namespace dimple::kernels::few_bits {

using Codes16 [[gnu::vector_size(16)]] = int8_t;
using Halves8 [[gnu::vector_size(16)]] = uint16_t;
using Wholes2 [[gnu::vector_size(16)]] = uint64_t;

// Eight codes from the lowest bit of each half on, each into a byte.
template <class W, int32_t kWidth>
DIMPLE_INLINE Codes16 spread(const Wholes2& bits) {
  const auto v = vectors::as<Codes16>(bits);
  if constexpr (kWidth == 4) {
    const Codes16 twice = {0, 0, 1, 1, 2, 2, 3, 3, 8, 8, 9, 9, 10, 10, 11, 11};
    const auto x = vectors::as<Halves8>(W::look_up(v, twice));
    return vectors::as<Codes16>((x & 0x000F) | (x >> 4 & 0x0F00));
  } else {
    // Two bytes hold each code; multiplied, it ends with the highest bit.
    const Codes16 first = {0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5};
    const Halves8 left = {1 << 11, 1 << 6, 1 << 9, 1 << 4, 1 << 7, 1 << 10, 1 << 5, 1 << 8};
    const Halves8 low = vectors::as<Halves8>(W::look_up(v, first)) * left >> 11;
    const Halves8 high = vectors::as<Halves8>(W::look_up(v, first + (Codes16{} + int8_t{8}))) * left >> 11;
    return __builtin_shufflevector(vectors::as<Codes16>(low), vectors::as<Codes16>(high), 0, 2, 4, 6, 8, 10, 12, 14, 16,
                                   18, 20, 22, 24, 26, 28, 30);
  }
}

// A codebook of 16 or 32 entries.
template <class W, int32_t kWidth>
struct VectorBook {
  Codes16 low, high;

  DIMPLE_INLINE explicit VectorBook(const int8_t* entries)
      : low(vectors::load<Codes16>(entries)), high(vectors::load<Codes16>(kWidth == 5 ? entries + 16 : entries)) {}

  DIMPLE_INLINE Codes16 operator[](const Codes16& codes) const {
    if constexpr (kWidth == 4) return W::look_up(low, codes);
    const Codes16 fifteen = Codes16{} + int8_t{15}, places = codes & fifteen;
    return codes > fifteen ? W::look_up(high, places) : W::look_up(low, places);
  }
};

// As unpack_lane (unpack.h), of that output channel.
template <format::Layout kLayout, class W, int32_t kWidth, class Weight>
DIMPLE_INLINE int32_t unpack_lane_in_vectors(const ops::Call& call, const Block& block, int32_t channel, Weight* to) {
  constexpr int32_t kGroup = format::info_of(kLayout).group, kStep = format::info_of(kLayout).lanes * kGroup;
  constexpr int32_t kAtOnce = 16, kHalf = 8, kMostInSum = 255;  // 255 * 128 fits 16 bits
  using Sums [[gnu::vector_size(32)]] = int16_t;
  const int8_t* const entries = ops::codebook_of(call, kWidth, channel);
  const VectorBook<W, kWidth> book(entries);
  const auto* const bytes = static_cast<const uint8_t*>(call.weight);
  const auto weights = static_cast<uint64_t>(block.channel_weights());
  const uint64_t end = (static_cast<uint64_t>(call.out.channels) * weights * kWidth + 31) / 32 * 4;
  const auto eight = [&](uint64_t bit) { return vectors::load<uint64_t>(bytes + bit / 8) >> bit % 8; };
  uint64_t first = static_cast<uint64_t>(channel) * weights;
  int32_t sum = 0, in_sums = 0;
  Sums sums{};
  const auto add_up = [&] {
    for (int32_t k = 0; k < kAtOnce; ++k) sum += sums[k];
    sums = Sums{}, in_sums = 0;
  };
  for (int32_t row = block.rows; row > 0; --row) {
    int32_t i = 0;
    uint64_t bit = first * kWidth;
    for (Weight* at = to; i + kAtOnce <= block.row_length && (bit + kHalf * kWidth) / 8 + sizeof(uint64_t) <= end;
         i += kAtOnce, bit += kAtOnce * kWidth, at += kAtOnce / kGroup * kStep) {
      const Codes16 found = book[spread<W, kWidth>(Wholes2{eight(bit), eight(bit + kHalf * kWidth)})];
      const auto wide = __builtin_convertvector(found, Sums);
      sums += wide;
      if (++in_sums == kMostInSum) add_up();
      Weight lanes[kAtOnce];
      if constexpr (sizeof(Weight) == 1)
        vectors::store(lanes, found);
      else
        vectors::store(lanes, wide);
#pragma GCC unroll 16
      for (int32_t k = 0; k < kAtOnce; k += kGroup)
        copy_bytes(at + k / kGroup * kStep, lanes + k, kGroup * sizeof(Weight));
    }
    for (; i < block.row_length; ++i) {
      const int8_t weight =
          entries[ops::code_at(call.weight, kWidth, static_cast<uint32_t>(first) + static_cast<uint32_t>(i))];
      to[i / kGroup * kStep + i % kGroup] = weight;
      sum += weight;
    }
    first += static_cast<uint64_t>(block.row_length);
    to += (block.row_length + kGroup - 1) / kGroup * kStep;
  }
  add_up();
  return sum;
}

}  // namespace dimple::kernels::few_bits
