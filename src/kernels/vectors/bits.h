// The form of binary kernels: a bit stands for +1 or -1, so of n bits that meet n bits
//   sum  =  n - 2 * (bits that differ)
// is the reference's sum, and sum_fits bounded bias + sum. Taps outside the picture are left out: a run of pixels
// shares the part of its windows that lies inside.
//
// `W`, the words of an instruction set for bits: In, Code, Weights, kLanes, kBits (of a group), kTilePixels,
// kTileBlocks, move_codes(to, from, count), and Counts<pixels, blocks>, how many bits differ: add(codes, step, weights, block_bytes)
// for one group; settle(settled) at the end, and after every kMostGroups of them, if not 0. Settled has sums(pixel,
// vector). Numbers: the words for such sums (codes.h); kLanes / Numbers::kLanes vectors are a block.
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

// What all tiles of some blocks have in common: from counts to sums to codes.
template <class W, int32_t kBlocks>
struct Column {
  using N = typename W::Numbers;
  static constexpr int32_t kParts = W::kLanes / N::kLanes, kVectors = kBlocks * kParts;
  // Codes of as many vectors are written at once: of blocks with one vector each those of all, else those of a block.
  static constexpr int32_t kAtOnce = kParts == 1 ? kBlocks : kParts, kChannels = kAtOnce * N::kLanes;

  const ops::Call& call;
  const char* blocks;
  int64_t block_bytes;
  int32_t channel, bits;  // the first, and how many bits meet
  bool narrow;

  DIMPLE_INLINE Column(const Product<Bits<W>>& p, const Inside& inside, int32_t block)
      : call(p.call),
        blocks(p.block(block)),
        block_bytes(p.block_bytes()),
        channel(block * W::kLanes),
        bits((inside.rows.last - inside.rows.first) * (inside.groups.last - inside.groups.first) * W::kBits) {
    typename N::Sums shifts = head(0).shift();
#pragma GCC unroll 8
    for (int32_t v = 1; v < kVectors; ++v) shifts |= head(v).shift();
    narrow = !N::any_negative(shifts);
  }

  DIMPLE_INLINE Head<N> head(int32_t v) const {
    return Head<N>(blocks + v / kParts * block_bytes + v % kParts * N::kLanes * 4, W::kLanes);
  }

  // `to`: of the first channel there is.
  template <int32_t kPixels, class Settled>
  DIMPLE_INLINE void write(const Settled& settled, int8_t* to) const {
    constexpr int32_t kTogether =
        kParts == 1 ? kPixels : min_of(kPixels, 2);  // so that sums and constants fit into registers
    for (int32_t first = 0; first < kVectors && channel + first * N::kLanes < call.out.channels; first += kAtOnce)
      for (int32_t pixel = 0; pixel < kPixels; pixel += kTogether) {
        typename N::Sums sums[kTogether][kAtOnce];
#pragma GCC unroll 8
        for (int32_t v = 0; v < kAtOnce; ++v) {
          const typename N::Sums most = head(first + v).bias() + bits;
#pragma GCC unroll 8
          for (int32_t i = 0; i < kTogether; ++i) sums[i][v] = most - (settled.sums(pixel + i, first + v) << 1);
        }
        write_codes(first, sums, to + pixel * call.out.channels + first * N::kLanes);
      }
  }

 private:
  template <int32_t kPixels>
  DIMPLE_INLINE void write_codes(int32_t first, typename N::Sums (&sums)[kPixels][kAtOnce], int8_t* to) const {
    const int32_t channels = call.out.channels, from = channel + first * N::kLanes;
    const int32_t count = min_of(kChannels, channels - from);
    if (narrow) {
#pragma GCC unroll 8
      for (int32_t v = 0; v < kAtOnce; ++v) {
        const Rescale<N> rescale(head(first + v), call.out.zero_point);
#pragma GCC unroll 8
        for (int32_t i = 0; i < kPixels; ++i) sums[i][v] = rescale(sums[i][v]);
      }
    } else {
      rescale_tile_in_64_bits<N>(call, from, sums);
    }
    const bool all = count == kChannels;  // else by way of memory with room for them
    int8_t codes[kPixels][kChannels];
    store_tile<N>(all ? to : &codes[0][0], all ? channels : kChannels, sums, ends_of<N>(call));
    for (int32_t i = 0; !all && i < kPixels; ++i)
      for (int32_t c = 0; c < count; ++c) to[i * channels + c] = codes[i][c];
  }
};

// As many tiles as fit before pixel `last`; returns the first pixel that is left.
template <class W, int32_t kPixels, int32_t kBlocks>
[[gnu::noinline]] static int32_t write_bits_tiles(const Product<Bits<W>>& p, const Inside& inside, int32_t block,
                                                  int32_t pixel, int32_t last) {
  using Counts = typename W::template Counts<kPixels, kBlocks>;
  constexpr int32_t kMost = Counts::kMostGroups, kWeightBytes = sizeof(typename W::Weights);
  const Column<W, kBlocks> column(p, inside, block);
  const int64_t block_bytes = column.block_bytes, step = p.pixel_step;
  const int32_t groups = inside.groups.last - inside.groups.first, channels = p.call.out.channels;
  int8_t* to = p.to + pixel * channels + block * W::kLanes;
  for (; pixel + kPixels <= last; pixel += kPixels, to += kPixels * channels) {
    Counts counts;
    typename Counts::Settled settled;
    int32_t room = kMost;
    for (int32_t row = inside.rows.first; row < inside.rows.last; ++row) {
      const typename W::Code* codes = p.rows[row] + pixel * step + inside.groups.first;
      const char* weights =
          column.blocks + Product<Bits<W>>::kHeadBytes + (row * p.row_groups + inside.groups.first) * kWeightBytes;
      for (int32_t left = groups; left > 0;) {
        const int32_t now = kMost == 0 ? left : min_of(left, room);
        for (int32_t i = 0; i < now; ++i, ++codes, weights += kWeightBytes)
          counts.add(codes, step, weights, block_bytes);
        left -= now, room -= now;
        if (kMost != 0 && room == 0) counts.settle(settled), room = kMost;
      }
    }
    counts.settle(settled);
    column.template write<kPixels>(settled, to);
  }
  return pixel;
}

// Pixels that are left over go into a tile that ends with the last one, and writes some a second time.
template <class W, int32_t kBlocks>
DIMPLE_INLINE void write_bits_blocks(const Product<Bits<W>>& p, const Inside& inside, int32_t block) {
  constexpr int32_t kMost = W::kTilePixels;
  const int32_t last = inside.pixels.last;
  int32_t pixel = inside.pixels.first;
  if (last - pixel >= kMost) {
    pixel = write_bits_tiles<W, kMost, kBlocks>(p, inside, block, pixel, last);
    if (last - pixel > kMost / 2) pixel = write_bits_tiles<W, kMost, kBlocks>(p, inside, block, last - kMost, last);
  }
  if (last - pixel >= kMost / 2) pixel = write_bits_tiles<W, kMost / 2, kBlocks>(p, inside, block, pixel, last);
  if (pixel < last) write_bits_tiles<W, 1, kBlocks>(p, inside, block, pixel, last);
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
