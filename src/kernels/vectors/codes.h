// The form of integer kernels: from what the vectors of an instruction set compute on codes to codes again.
//
// Exact: W::dot adds up the reference's own products, moved by what the head's bias takes off again, modulo 2^32; sum_fits
// bounded the sum that comes out.
//
// Words of W beside those of Rescale: Code, Weights, kGroup, kTilePixels, kTileBlocks; move_code(code), move_codes(to, from,
// count), spread(codes), dot(sums, codes, weights), those of store_codes.h.
#pragma once
#include "format/layout.h"
#include "kernels/vectors/product.h"
#include "kernels/vectors/rescale.h"
#include "kernels/vectors/store_codes.h"

namespace dimple::kernels::vectors {

// Of neighbouring channels of some pixels; `step` sums from one pixel to the next.
template <class W>
[[gnu::noinline]] static void rescale_tile_in_64_bits(const ops::Call& call, int32_t channel, int32_t count,
                                                      int32_t pixels, int32_t step, int32_t* sums) {
  for (int32_t i = 0; i < pixels; ++i) rescale_in_64_bits(call, channel, count, sums + i * step);
}

template <class W>
struct Codes : W {
  using In = int8_t;
  using Out = int8_t;
  static constexpr int32_t kHeadRows = format::kHeadRows;

  DIMPLE_INLINE static typename W::Code border(const ops::Call& call) {
    return W::move_code(static_cast<int8_t>(call.in[0].zero_point));
  }

  template <int32_t kPixels, int32_t kBlocks>
  DIMPLE_INLINE static void write_tile(const Product<Codes>& p, int32_t pixel, int32_t block,
                                       typename W::Sums (&sums)[kPixels][kBlocks]) {
    rescale_tile<kPixels, kBlocks>(p, block, sums);
    const int32_t channels = p.call.out.channels, channel = block * W::kLanes;
    int8_t* const to = p.to + pixel * channels + channel;
    const int32_t count = channels - channel, low = p.call.clamp_low, high = p.call.clamp_high;
    if (count >= kBlocks * W::kLanes)
      store_tile<W>(to, channels, sums, low, high);
    else
      store_part_of_tile<W>(to, channels, sums, low, high, count);
  }

 private:
  template <int32_t kPixels, int32_t kBlocks>
  DIMPLE_INLINE static void rescale_tile(const Product<Codes>& p, int32_t block,
                                         typename W::Sums (&sums)[kPixels][kBlocks]) {
    typename W::Sums shifts = Head<W>(p.block(block)).shift();
#pragma GCC unroll 8
    for (int32_t b = 1; b < kBlocks; ++b) shifts |= Head<W>(p.block(block + b)).shift();
    if (W::any_negative(shifts)) {
      int32_t lanes[kPixels * kBlocks * W::kLanes];
#pragma GCC unroll 32
      for (int32_t i = 0; i < kPixels * kBlocks; ++i) store(lanes + i * W::kLanes, sums[i / kBlocks][i % kBlocks]);
      const int32_t channel = block * W::kLanes, in_all = kBlocks * W::kLanes;
      rescale_tile_in_64_bits<W>(p.call, channel, min_of(in_all, p.call.out.channels - channel), kPixels, in_all,
                                 lanes);
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
};

}  // namespace dimple::kernels::vectors
