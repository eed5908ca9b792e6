// The form of integer kernels: from what the vectors of an instruction set compute on codes to codes again.
//
// Exact: W::dot adds up the reference's own products, moved by what the head's bias takes off again, modulo 2^32;
// sum_fits bounded the sum that comes out.
//
// Words of W beside those of Rescale: Code, Weights, kGroup, kSpan, kTilePixels, kTileBlocks; move_code(code),
// move_codes(to, from, count), spread(codes), dot(sums, codes, weights), those of store_codes.h.
#pragma once
#include "format/layout.h"
#include "kernels/vectors/product.h"
#include "kernels/vectors/rescale.h"

namespace dimple::kernels::vectors {

template <class W>
struct Codes : W {
  using In = int8_t;
  using Out = int8_t;
  static constexpr int32_t kHeadRows = format::kHeadRows;

  DIMPLE_INLINE static typename W::Code border(const ops::Call& call) {
    return W::move_code(static_cast<int8_t>(call.in[0].zero_point));
  }

  template <int32_t kBlocks>
  struct Column {
    const ops::Call& call;
    const char* block;
    int64_t block_bytes;
    int32_t channel, count, channels;  // the first, how many there are, and those of a pixel
    Ends ends;
    bool narrow = false;

    DIMPLE_INLINE Column(const Product<Codes>& p, int32_t first)
        : call(p.call),
          block(p.block(first)),
          block_bytes(p.block_bytes()),
          channel(first * W::kLanes),
          count(min_of(kBlocks * W::kLanes, p.call.out.channels - channel)),
          channels(p.call.out.channels),
          ends(ends_of<W>(p.call)) {
      typename W::Sums shifts = head(0).shift();
#pragma GCC unroll 8
      for (int32_t b = 1; b < kBlocks; ++b) shifts |= head(b).shift();
      narrow = !W::any_negative(shifts);
    }

    template <int32_t kPixels>
    DIMPLE_INLINE void write(typename W::Sums (&sums)[kPixels][kBlocks], int8_t* to) const {
      rescale(sums);
      if (count == kBlocks * W::kLanes)
        store_tile<W>(to, channels, sums, ends);
      else
        store_part_of_tile<W>(to, channels, sums, ends, count);
    }

   private:
    DIMPLE_INLINE Head<W> head(int32_t b) const { return Head<W>(block + b * block_bytes); }

    template <int32_t kPixels>
    DIMPLE_INLINE void rescale(typename W::Sums (&sums)[kPixels][kBlocks]) const {
      if (!narrow) return rescale_tile_in_64_bits<W>(call, channel, sums);
#pragma GCC unroll 8
      for (int32_t b = 0; b < kBlocks; ++b) {
        const Rescale<W> of_block(head(b), call.out.zero_point);
#pragma GCC unroll 16
        for (int32_t i = 0; i < kPixels; ++i) sums[i][b] = of_block(sums[i][b]);
      }
    }
  };
};

}  // namespace dimple::kernels::vectors
