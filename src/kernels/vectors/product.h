// The product behind convolutions and dense layers: pixels x channels of the window, times channels of the window x output
// channels. Its input lies in scratch, as the instruction set multiplies it, with its border.
//
// Tile: kTilePixels pixels x kBlocks blocks of kLanes output channels, whose sums stay in registers; twice the pixels where
// one block is left. For each group of codes, kBlocks vectors of weights are loaded, and the codes of each pixel are spread
// over a vector.
//
// `F` is the form: codes (codes.h) or floats (floats.h) in the words of an instruction set. It has Code (of the input
// in scratch), Out, Sums, Weights, kLanes, kGroup, kHeadRows, kTilePixels, kTileBlocks; spread(codes), dot(sums, codes,
// weights), Column<blocks>(product, block), what the tiles of some blocks have in common, with write(sums, to). kSpan:
// where a product takes its codes from a lane of a vector, how many groups such a vector holds, with load_span(codes)
// and dot_lane<lane>(sums, span, weights); elsewhere 1.
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

// The groups of a span from lane kLane on.
template <class F, int32_t kLane, int32_t kPixels, int32_t kBlocks, class Span>
DIMPLE_INLINE void add_lanes(typename F::Sums (&sums)[kPixels][kBlocks], const Span (&codes)[kPixels],
                             const char* weights, int64_t block_bytes) {
  typename F::Weights w[kBlocks];
#pragma GCC unroll 8
  for (int32_t b = 0; b < kBlocks; ++b) w[b] = load<typename F::Weights>(weights + b * block_bytes);
#pragma GCC unroll 16
  for (int32_t i = 0; i < kPixels; ++i)
#pragma GCC unroll 8
    for (int32_t b = 0; b < kBlocks; ++b) F::template dot_lane<kLane>(sums[i][b], codes[i], w[b]);
  if constexpr (kLane + 1 < F::kSpan)
    add_lanes<F, kLane + 1>(sums, codes, weights + sizeof(typename F::Weights), block_bytes);
}

template <class F, int32_t kPixels, int32_t kBlocks>
DIMPLE_INLINE void add_products(const Product<F>& p, int32_t pixel, const char* block, int64_t block_bytes,
                                typename F::Sums (&sums)[kPixels][kBlocks]) {
  const char* weights = block + Product<F>::kHeadBytes;
  const int64_t step = p.pixel_step;
  for (int32_t row = 0; row < p.row_count; ++row) {
    const typename F::Code* codes = p.rows[row] + pixel * step;
    int32_t group = 0;
    if constexpr (F::kSpan > 1) {
      for (; group + F::kSpan <= p.row_groups; group += F::kSpan) {
        decltype(F::load_span(codes)) spans[kPixels];
#pragma GCC unroll 16
        for (int32_t i = 0; i < kPixels; ++i) spans[i] = F::load_span(codes + i * step);
        add_lanes<F, 0>(sums, spans, weights, block_bytes);
        weights += F::kSpan * sizeof(typename F::Weights);
        codes += F::kSpan * F::kGroup;
      }
    }
    for (; group < p.row_groups; ++group) {
      typename F::Weights w[kBlocks];
#pragma GCC unroll 8
      for (int32_t b = 0; b < kBlocks; ++b) w[b] = load<typename F::Weights>(weights + b * block_bytes);
#pragma GCC unroll 16
      for (int32_t i = 0; i < kPixels; ++i) {
        const auto a = F::spread(codes + i * step);
#pragma GCC unroll 8
        for (int32_t b = 0; b < kBlocks; ++b) F::dot(sums[i][b], a, w[b]);
      }
      weights += sizeof(typename F::Weights);
      codes += F::kGroup;
    }
  }
}

// As many tiles as fit before pixel `last`; returns the first pixel that is left.
template <class F, int32_t kPixels, int32_t kBlocks>
[[gnu::noinline]] static int32_t write_tiles(const Product<F>& shared, int32_t block, int32_t pixel, int32_t last) {
  const Product<F> p = shared;  // so that the compiler knows that no output is written over it
  const typename F::template Column<kBlocks> column(p, block);
  const char* const at = p.block(block);
  const int64_t block_bytes = p.block_bytes();
  const int32_t channels = p.call.out.channels;
  auto* to = p.to + pixel * channels + block * F::kLanes;
  for (; pixel + kPixels <= last; pixel += kPixels, to += kPixels * channels) {
    typename F::Sums sums[kPixels][kBlocks];
#pragma GCC unroll 8
    for (int32_t b = 0; b < kBlocks; ++b) {
      const auto bias = load<typename F::Sums>(at + b * block_bytes);
#pragma GCC unroll 16
      for (int32_t i = 0; i < kPixels; ++i) sums[i][b] = bias;
    }
    add_products(p, pixel, at, block_bytes, sums);
    column.write(sums, to);
  }
  return pixel;
}

// Pixels that are left over go into a tile that ends with the last one, and writes some a second time.
template <class F, int32_t kBlocks, int32_t kMost = F::kTilePixels>
DIMPLE_INLINE void write_blocks(const Product<F>& p, int32_t block) {
  constexpr int32_t kHalf = kMost / 2;
  const int32_t last = p.pixels;
  int32_t pixel = last < kMost ? 0 : write_tiles<F, kMost, kBlocks>(p, block, 0, last);
  if (last - pixel > kHalf) {
    if (last >= kMost) return (void)write_tiles<F, kMost, kBlocks>(p, block, last - kMost, last);
    pixel = write_tiles<F, kHalf, kBlocks>(p, block, pixel, last);
  }
  if (last - pixel > 1 && last >= kHalf)
    write_tiles<F, kHalf, kBlocks>(p, block, last - kHalf, last);
  else if (pixel < last)
    write_tiles<F, 1, kBlocks>(p, block, pixel, last);
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
    if constexpr (F::kTileBlocks >= 2) {
      if (left >= 2) {
        write_blocks<F, 2>(p, block), block += 2;
        continue;
      }
      // A block alone takes the pixels of two: fewer sums at a time wait for each other.
      if (p.pixels >= 2 * F::kTilePixels) return write_blocks<F, 1, 2 * F::kTilePixels>(p, block);
    }
    write_blocks<F, 1>(p, block), block += 1;
  }
}

}  // namespace dimple::kernels::vectors
