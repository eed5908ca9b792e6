// The product behind convolutions and dense layers: pixels x channels of the window, times channels of the window x output
// channels. Its input lies in scratch, as the instruction set multiplies it, with its border.
//
// Tile: kTilePixels pixels x kBlocks blocks of kLanes output channels, whose sums stay in registers. For each group of
// codes, kBlocks vectors of weights are loaded, and the codes of each pixel are spread over a vector.
//
// `F` is the form: codes (codes.h) or floats (floats.h) in the words of an instruction set. It has Code (of the input in
// scratch), Out, Sums, Weights, kLanes, kGroup, kHeadRows, kTilePixels, kTileBlocks; spread(codes), dot(sums, codes,
// weights), write_tile(product, pixel, block, sums).
#pragma once
#include "kernels/vectors/scratch.h"
#include "kernels/vectors/vector.h"

namespace dimple::kernels::vectors {

// A run of pixels of the output, side by side.
template <class F>
struct Product {
  const ops::Call& call;
  const typename F::Code* rows[kMostWindowRows];  // what the first pixel's window shows of the input
  int32_t row_count;
  int32_t row_groups;  // of a row of the window
  int32_t pixel_step;  // codes from one pixel's window to the next
  int32_t pixels;
  typename F::Out* to;

  static constexpr int32_t kHeadBytes = F::kLanes * 4 * F::kHeadRows;

  DIMPLE_INLINE int32_t block_bytes() const {
    return kHeadBytes + row_count * row_groups * static_cast<int32_t>(sizeof(typename F::Weights));
  }
  DIMPLE_INLINE const char* block(int32_t i) const {
    return static_cast<const char*>(call.weight) + static_cast<int64_t>(i) * block_bytes();
  }
};

template <class F, int32_t kPixels, int32_t kBlocks>
[[gnu::noinline]] static void write_tile(const Product<F>& p, int32_t pixel, int32_t block) {
  typename F::Sums sums[kPixels][kBlocks];
#pragma GCC unroll 8
  for (int32_t b = 0; b < kBlocks; ++b) {
    const auto bias = load<typename F::Sums>(p.block(block + b));
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) sums[i][b] = bias;
  }
  const int64_t block_bytes = p.block_bytes();
  const char* weights = p.block(block) + Product<F>::kHeadBytes;
  const int64_t step = p.pixel_step;
  for (int32_t row = 0; row < p.row_count; ++row) {
    const typename F::Code* codes = p.rows[row] + pixel * step;
    for (int32_t group = 0; group < p.row_groups; ++group) {
      typename F::Weights w[kBlocks];
#pragma GCC unroll 8
      for (int32_t b = 0; b < kBlocks; ++b) w[b] = load<typename F::Weights>(weights + b * block_bytes);
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) {
        const auto a = F::spread(codes + i * step);
#pragma GCC unroll 8
        for (int32_t b = 0; b < kBlocks; ++b) F::dot(sums[i][b], a, w[b]);
      }
      weights += sizeof(typename F::Weights);
      codes += F::kGroup;
    }
  }
  F::template write_tile<kPixels, kBlocks>(p, pixel, block, sums);
}

// Pixels that are left over go into a tile that ends with the last one, and writes some a second time.
template <class F, int32_t kBlocks>
DIMPLE_INLINE void write_blocks(const Product<F>& p, int32_t block) {
  constexpr int32_t kMost = F::kTilePixels, kHalf = kMost / 2;
  int32_t pixel = 0;
  for (; pixel + kMost <= p.pixels; pixel += kMost) write_tile<F, kMost, kBlocks>(p, pixel, block);
  for (int32_t left = p.pixels - pixel; left > 0; left = p.pixels - pixel) {
    if (left > kHalf && p.pixels >= kMost) return write_tile<F, kMost, kBlocks>(p, p.pixels - kMost, block);
    if (left >= kHalf) {
      write_tile<F, kHalf, kBlocks>(p, pixel, block);
      pixel += kHalf;
    } else if (left > 1 && p.pixels >= kHalf) {
      return write_tile<F, kHalf, kBlocks>(p, p.pixels - kHalf, block);
    } else {
      write_tile<F, 1, kBlocks>(p, pixel++, block);
    }
  }
}

template <class F>
DIMPLE_INLINE void write_product(const Product<F>& p) {
  const int32_t blocks = (p.call.out.channels + F::kLanes - 1) / F::kLanes;
  for (int32_t block = 0; block < blocks;) {
    const int32_t left = blocks - block;
    if constexpr (F::kTileBlocks >= 4) {
      if (left == 4 || left >= 7) {
        write_blocks<F, 4>(p, block), block += 4;
        continue;
      }
      if (left == 3 || left >= 5) {
        write_blocks<F, 3>(p, block), block += 3;
        continue;
      }
    }
    if (left >= 2)
      write_blocks<F, 2>(p, block), block += 2;
    else
      write_blocks<F, 1>(p, block), block += 1;
  }
}

}  // namespace dimple::kernels::vectors
