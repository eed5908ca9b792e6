// Weights of few bits, codes with a codebook or signs, on their way into a packed block of s8 weights (format/layout.h).
#pragma once
#include "base/memory.h"
#include "kernels/few_bits/scratch.h"
#include "kernels/few_bits/unpack_vectors.h"
#include "kernels/head.h"
#include "ops/codebook.h"

namespace dimple::kernels::few_bits {

// Reads codes of so many bits one behind the other, from any on. No word is read before a bit of it is asked for.
class Bits {
 public:
  DIMPLE_INLINE Bits(const void* from, uint32_t code, int32_t width) : width_(static_cast<uint32_t>(width)) {
    const uint32_t bit = code % 32 * width_;
    next_ = static_cast<const uint32_t*>(from) + code / 32 * width_ + bit / 32;
    if (bit % 32 != 0) there_ = *next_++ >> bit % 32, left_ = 32 - bit % 32;
  }

  // The next `count` codes, below anything: of 1 to 31 bits.
  DIMPLE_INLINE uint32_t take(int32_t count) {
    const uint32_t taken = static_cast<uint32_t>(count) * width_;
    uint32_t codes = there_;
    if (left_ >= taken) {
      there_ >>= taken, left_ -= taken;
      return codes;
    }
    const uint32_t word = *next_++;
    codes |= word << left_;
    there_ = word >> (taken - left_), left_ += 32 - taken;
    return codes;
  }
  // Number i of them.
  DIMPLE_INLINE uint32_t code(uint32_t codes, int32_t i) const {
    return codes >> static_cast<uint32_t>(i) * width_ & ((1u << width_) - 1);
  }

 private:
  const uint32_t* next_;
  uint32_t there_ = 0, left_ = 0, width_;
};

// Signs as codes of one bit.
constexpr int8_t kSigns[] = {-1, 1};

DIMPLE_INLINE const int8_t* entries_of(const ops::Call& call, int32_t bits, int32_t channel) {
  return bits == 1 ? kSigns : ops::codebook_of(call, bits, channel);
}

// `count` weights, 4 at most, side by side. Returns their sum.
template <class Weight>
DIMPLE_INLINE int32_t look_up(Bits& bits, const int8_t* entries, int32_t count, Weight* to) {
  const uint32_t codes = bits.take(count);
  int32_t sum = 0;
#pragma GCC unroll 4
  for (int32_t i = 0; i < count; ++i) {
    const int8_t weight = entries[bits.code(codes, i)];
    to[i] = weight;
    sum += weight;
  }
  return sum;
}

// Those of one output channel, into its lane; returns their sum.
template <format::Layout kLayout, class Weight>
DIMPLE_INLINE int32_t unpack_lane(Bits& bits, const int8_t* entries, const Block& block, Weight* to) {
  constexpr int32_t kGroup = format::info_of(kLayout).group, kStep = format::info_of(kLayout).lanes * kGroup;
  constexpr int32_t kAtOnce = min_of(kGroup, int32_t{4});
  const int32_t length = block.row_length, whole = length / kGroup * kGroup;
  int32_t sum = 0;
  for (int32_t row = block.rows; row > 0; --row) {
    for (const Weight* const end = to + whole / kGroup * kStep; to < end; to += kStep)
#pragma GCC unroll 4
      for (int32_t i = 0; i < kGroup; i += kAtOnce) sum += look_up(bits, entries, kAtOnce, to + i);
    if (whole == length) continue;
    for (int32_t i = 0; i < length - whole; ++i) sum += look_up(bits, entries, 1, to + i);
    to += kStep;
  }
  return sum;
}

// No vectors, or none that look up.
struct OneByOne {};

template <format::Layout kLayout, class W, class Weight>
DIMPLE_INLINE int32_t unpack_channel(const ops::Call& call, const Block& block, int32_t width, int32_t channel,
                                     Bits& bits, Weight* to) {
  if constexpr (!__is_same(W, OneByOne)) {
    if (width == 4) return unpack_lane_in_vectors<kLayout, W, 4>(call, block, channel, to);
    return unpack_lane_in_vectors<kLayout, W, 5>(call, block, channel, to);
  }
  return unpack_lane<kLayout>(bits, entries_of(call, width, channel), block, to);
}

// Output channels [first, first + count), `first` at the beginning of a block. W: as in unpack_vectors.h, which has codes of
// four and five bits.
template <format::Layout kLayout, class W = OneByOne>
[[gnu::noinline]] static void unpack(const ops::Call& call, const Block& block, int32_t width, int32_t first,
                                     int32_t count, uint8_t* to) {
  constexpr const format::LayoutInfo& l = format::info_of(kLayout);
  static_assert(l.order == format::Order::product || l.order == format::Order::window);
  constexpr auto kHeadBytes = static_cast<int32_t>(head_bytes(l));
  Bits bits(call.weight, static_cast<uint32_t>(first) * static_cast<uint32_t>(block.channel_weights()), width);
  for (; count > 0; count -= l.lanes, to += block.bytes) {
    const int32_t lanes = min_of(l.lanes, count);
    // Lanes without a channel, and what is missing to groups.
    if (lanes < l.lanes || block.row_length % l.group != 0) fill_bytes(to, 0, static_cast<size_t>(block.bytes));
    auto* const head = reinterpret_cast<int32_t*>(to);
    uint8_t* const weights = to + kHeadBytes;
    for (int32_t lane = 0; lane < lanes; ++lane, ++first) {
      int32_t sum;
      if constexpr (l.weight_bytes == 1)
        sum = unpack_channel<kLayout, W>(call, block, width, first, bits,
                                         reinterpret_cast<int8_t*>(weights) + lane * l.group);
      else
        sum = unpack_channel<kLayout, W>(call, block, width, first, bits,
                                         reinterpret_cast<int16_t*>(weights) + lane * l.group);
      write_head(l, call, first, sum, head + lane);
    }
  }
}

}  // namespace dimple::kernels::few_bits
