// The product behind every dense integer kernel: pixels x channels of the window, times channels of the window x output
// channels. Its input lies in scratch, in codes as the instruction set multiplies them, with a border of zero points.
//
// Tile: kTilePixels pixels x kBlocks blocks of kLanes output channels, whose sums stay in registers. For each group of
// codes, kBlocks vectors of weights are loaded, and the codes of each pixel are spread over a vector.
//
// Exact: W::dot adds up the reference's own products, moved by what the head's bias takes off again, modulo 2^32;
// sum_fits bounded the sum that comes out.
//
// Words of W beside those of Rescale: Code, Weights, kGroup, kTilePixels, kTileBlocks; spread(codes), dot(sums, codes,
// weights), store_codes<n>(to, sums[n], low, high, count).
#pragma once
#include "format/layout.h"
#include "kernels/vectors/rescale.h"
#include "kernels/vectors/scratch.h"

namespace dimple::kernels::vectors {

// A run of pixels of the output, side by side.
template <class W>
struct Product {
  const ops::Call& call;
  const typename W::Code* rows[kMostWindowRows];  // what the first pixel's window shows of the input
  int32_t row_count;
  int32_t row_groups;  // of a row of the window
  int32_t pixel_step;  // codes from one pixel's window to the next
  int32_t pixels;
  int8_t* to;

  static constexpr int32_t kHeadBytes = W::kLanes * 4 * format::kHeadRows;

  DIMPLE_INLINE int32_t block_bytes() const {
    return kHeadBytes + row_count * row_groups * static_cast<int32_t>(sizeof(typename W::Weights));
  }
  DIMPLE_INLINE const char* block(int32_t i) const {
    return static_cast<const char*>(call.weight) + static_cast<int64_t>(i) * block_bytes();
  }
};

// Sums that lie in memory, [pixel][block].
template <class W, int32_t kBlocks>
[[gnu::noinline]] static void rescale_tile_in_64_bits(const Product<W>& p, int32_t pixels, int32_t channel, int32_t* sums) {
  for (int32_t i = 0; i < pixels; ++i, sums += kBlocks * W::kLanes)
    rescale_in_64_bits(p.call, channel, min_of(kBlocks * W::kLanes, p.call.out.channels - channel), sums);
}

template <class W, int32_t kPixels, int32_t kBlocks>
DIMPLE_INLINE void rescale_tile(const Product<W>& p, int32_t block, typename W::Sums (&sums)[kPixels][kBlocks]) {
  typename W::Sums shifts = Head<W>(p.block(block)).shift();
#pragma GCC unroll 8
  for (int32_t b = 1; b < kBlocks; ++b) shifts |= Head<W>(p.block(block + b)).shift();
  if (W::any_negative(shifts)) {
    int32_t lanes[kPixels * kBlocks * W::kLanes];
#pragma GCC unroll 32
    for (int32_t i = 0; i < kPixels * kBlocks; ++i) store(lanes + i * W::kLanes, sums[i / kBlocks][i % kBlocks]);
    rescale_tile_in_64_bits<W, kBlocks>(p, kPixels, block * W::kLanes, lanes);
#pragma GCC unroll 32
    for (int32_t i = 0; i < kPixels * kBlocks; ++i)
      sums[i / kBlocks][i % kBlocks] = load<typename W::Sums>(lanes + i * W::kLanes);
    return;
  }
#pragma GCC unroll 8
  for (int32_t b = 0; b < kBlocks; ++b) {
    const Rescale<W> rescale(Head<W>(p.block(block + b)));
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) sums[i][b] = rescale(sums[i][b]);
  }
}

template <class W, int32_t kPixels, int32_t kBlocks>
[[gnu::noinline]] static void write_tile(const Product<W>& p, int32_t pixel, int32_t block) {
  typename W::Sums sums[kPixels][kBlocks];
#pragma GCC unroll 8
  for (int32_t b = 0; b < kBlocks; ++b) {
    const typename W::Sums bias = Head<W>(p.block(block + b)).bias();
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) sums[i][b] = bias;
  }
  const int64_t block_bytes = p.block_bytes();
  const char* weights = p.block(block) + Product<W>::kHeadBytes;
  const int64_t step = p.pixel_step;
  for (int32_t row = 0; row < p.row_count; ++row) {
    const typename W::Code* codes = p.rows[row] + pixel * step;
    for (int32_t group = 0; group < p.row_groups; ++group) {
      typename W::Weights w[kBlocks];
#pragma GCC unroll 8
      for (int32_t b = 0; b < kBlocks; ++b) w[b] = load<typename W::Weights>(weights + b * block_bytes);
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) {
        const auto a = W::spread(codes + i * step);
#pragma GCC unroll 8
        for (int32_t b = 0; b < kBlocks; ++b) W::dot(sums[i][b], a, w[b]);
      }
      weights += sizeof(typename W::Weights);
      codes += W::kGroup;
    }
  }
  rescale_tile<W, kPixels, kBlocks>(p, block, sums);
  const int32_t channels = p.call.out.channels, channel = block * W::kLanes;
  int8_t* const to = p.to + pixel * channels + channel;
#pragma GCC unroll 8
  for (int32_t i = 0; i < kPixels; ++i)
    W::store_codes(to + i * channels, sums[i], p.call.clamp_low, p.call.clamp_high,
                   min_of(kBlocks * W::kLanes, channels - channel));
}

// Pixels that are left over go into a tile that ends with the last one, and writes some a second time.
template <class W, int32_t kBlocks>
DIMPLE_INLINE void write_blocks(const Product<W>& p, int32_t block) {
  constexpr int32_t kMost = W::kTilePixels, kHalf = kMost / 2;
  int32_t pixel = 0;
  for (; pixel + kMost <= p.pixels; pixel += kMost) write_tile<W, kMost, kBlocks>(p, pixel, block);
  for (int32_t left = p.pixels - pixel; left > 0; left = p.pixels - pixel) {
    if (left > kHalf && p.pixels >= kMost) return write_tile<W, kMost, kBlocks>(p, p.pixels - kMost, block);
    if (left >= kHalf) {
      write_tile<W, kHalf, kBlocks>(p, pixel, block);
      pixel += kHalf;
    } else if (left > 1 && p.pixels >= kHalf) {
      return write_tile<W, kHalf, kBlocks>(p, p.pixels - kHalf, block);
    } else {
      write_tile<W, 1, kBlocks>(p, pixel++, block);
    }
  }
}

template <class W>
DIMPLE_INLINE void write_product(const Product<W>& p) {
  const int32_t blocks = (p.call.out.channels + W::kLanes - 1) / W::kLanes;
  for (int32_t block = 0; block < blocks;) {
    const int32_t left = blocks - block;
    if constexpr (W::kTileBlocks >= 4) {
      if (left == 4 || left >= 7) {
        write_blocks<W, 4>(p, block), block += 4;
        continue;
      }
      if (left == 3 || left >= 5) {
        write_blocks<W, 3>(p, block), block += 3;
        continue;
      }
    }
    if (left >= 2)
      write_blocks<W, 2>(p, block), block += 2;
    else
      write_blocks<W, 1>(p, block), block += 1;
  }
}

}  // namespace dimple::kernels::vectors
