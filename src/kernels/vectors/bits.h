// The form of binary kernels: a bit stands for +1 or -1, so of n bits that meet n bits
//   sum  =  n - 2 * (bits that differ)
// is the reference's sum, and sum_fits bounded bias + sum. Taps outside the picture are left out: a run of pixels shares
// the part of its windows that lies inside.
//
// `W`, the words of an instruction set for bits: In, Code, Weights, kLanes, kBits (of a group), kTilePixels, kTileBlocks,
// move_codes(to, from, count), and Counts<pixels, blocks>, how many bits differ: add(codes, step, weights, block_bytes)
// for one group; after at most kMostGroups of them, and at the end, settle(); sums(pixel, vector). Numbers: the words for
// such sums (codes.h), of which kLanes / Numbers::kLanes vectors are a block.
#pragma once
#include "kernels/vectors/codes.h"

namespace dimple::kernels::vectors {

template <class W>
struct Bits : W {
  using Out = int8_t;
  static constexpr int32_t kHeadRows = format::kHeadRows, kGroup = 1;

  DIMPLE_INLINE static typename W::Code border(const ops::Call& /*call*/) { return {}; }
};

// Pixels side by side, and what lies inside the picture of each one's window: rows, and groups of each row.
struct Inside {
  ops::Range pixels, rows, groups;
};

template <class N, int32_t kPixels, int32_t kVectors, class HeadOf>
DIMPLE_INLINE void write_codes(const ops::Call& call, int8_t* to, int32_t channel, HeadOf head,
                               typename N::Sums (&sums)[kPixels][kVectors]) {
  constexpr int32_t kAll = kVectors * N::kLanes;
  const int32_t count = min_of(kAll, call.out.channels - channel);
  typename N::Sums shifts = head(0).shift();
#pragma GCC unroll 8
  for (int32_t v = 1; v < kVectors; ++v) shifts |= head(v).shift();
  if (N::any_negative(shifts)) {
    int32_t lanes[kPixels][kAll];
    for (int32_t i = 0; i < kPixels * kVectors; ++i)
      store(&lanes[i / kVectors][i % kVectors * N::kLanes], sums[i / kVectors][i % kVectors]);
    rescale_tile_in_64_bits<N>(call, channel, count, kPixels, kAll, &lanes[0][0]);
    for (int32_t i = 0; i < kPixels * kVectors; ++i)
      sums[i / kVectors][i % kVectors] = load<typename N::Sums>(&lanes[i / kVectors][i % kVectors * N::kLanes]);
  } else {
#pragma GCC unroll 8
    for (int32_t v = 0; v < kVectors; ++v) {
      const Rescale<N> rescale(head(v));
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) sums[i][v] = rescale(sums[i][v]);
    }
  }
  const bool all = count == kAll;  // else by way of memory with room for them
  const int32_t channels = call.out.channels;
  int8_t codes[kPixels][kAll];
  store_tile<N>(all ? to + channel : &codes[0][0], all ? channels : kAll, sums, call.clamp_low, call.clamp_high);
  for (int32_t i = 0; !all && i < kPixels; ++i)
    for (int32_t c = 0; c < count; ++c) to[i * channels + channel + c] = codes[i][c];
}

template <class W, int32_t kPixels, int32_t kBlocks>
[[gnu::noinline]] static void write_bits_tile(const Product<Bits<W>>& p, const Inside& inside, int32_t pixel,
                                              int32_t block) {
  using N = typename W::Numbers;
  using Counts = typename W::template Counts<kPixels, kBlocks>;
  Counts counts;
  typename Counts::Settled settled;
  constexpr int32_t kMost = Counts::kMostGroups, kWeightBytes = sizeof(typename W::Weights);
  const int64_t block_bytes = p.block_bytes();
  const int32_t groups = inside.groups.last - inside.groups.first;
  int32_t room = kMost;
  for (int32_t row = inside.rows.first; row < inside.rows.last; ++row) {
    const typename W::Code* codes = p.rows[row] + pixel * p.pixel_step + inside.groups.first;
    const char* weights =
        p.block(block) + Product<Bits<W>>::kHeadBytes + (row * p.row_groups + inside.groups.first) * kWeightBytes;
    for (int32_t left = groups; left > 0;) {
      const int32_t now = kMost == 0 ? left : min_of(left, room);
      for (int32_t i = 0; i < now; ++i, ++codes, weights += kWeightBytes)
        counts.add(codes, p.pixel_step, weights, block_bytes);
      left -= now, room -= now;
      if (kMost != 0 && room == 0) counts.settle(settled), room = kMost;
    }
  }
  counts.settle(settled);

  // Of blocks with one vector each, all at once; else those of one block.
  constexpr int32_t kParts = W::kLanes / N::kLanes, kVectors = kParts == 1 ? kBlocks : kParts;
  const int32_t bits = (inside.rows.last - inside.rows.first) * groups * W::kBits;
#pragma GCC unroll 1
  for (int32_t first = 0; first < kBlocks * kParts; first += kVectors) {
    const auto head = [&](int32_t v) {
      const int32_t at = first + v;
      return Head<N>(p.block(block + at / kParts) + at % kParts * N::kLanes * 4, W::kLanes);
    };
    typename N::Sums sums[kPixels][kVectors];
#pragma GCC unroll 8
    for (int32_t v = 0; v < kVectors; ++v) {
      const typename N::Sums most = head(v).bias() + bits;
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) sums[i][v] = most - (settled.sums(i, first + v) << 1);
    }
    const int32_t channel = block * W::kLanes + first * N::kLanes;
    if (channel < p.call.out.channels) write_codes<N>(p.call, p.to + pixel * p.call.out.channels, channel, head, sums);
  }
}

// Pixels that are left over go into a tile that ends with the last one, and writes some a second time.
template <class W, int32_t kBlocks>
DIMPLE_INLINE void write_bits_blocks(const Product<Bits<W>>& p, const Inside& inside, int32_t block) {
  constexpr int32_t kMost = W::kTilePixels;
  const int32_t last = inside.pixels.last;
  int32_t pixel = inside.pixels.first;
  for (; pixel + kMost <= last; pixel += kMost) write_bits_tile<W, kMost, kBlocks>(p, inside, pixel, block);
  if (last - pixel > 1 && last - inside.pixels.first >= kMost)
    return write_bits_tile<W, kMost, kBlocks>(p, inside, last - kMost, block);
  for (; pixel < last; ++pixel) write_bits_tile<W, 1, kBlocks>(p, inside, pixel, block);
}

template <class W>
DIMPLE_INLINE void write_bits(const Product<Bits<W>>& p, const Inside& inside) {
  const int32_t blocks = (p.call.out.channels + W::kLanes - 1) / W::kLanes;
  int32_t block = 0;
  if constexpr (W::kTileBlocks >= 4)
    for (; block + 4 <= blocks; block += 4) write_bits_blocks<W, 4>(p, inside, block);
  for (; block + 2 <= blocks; block += 2) write_bits_blocks<W, 2>(p, inside, block);
  if (block < blocks) write_bits_blocks<W, 1>(p, inside, block);
}

}  // namespace dimple::kernels::vectors
