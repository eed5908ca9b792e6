// What a core can do at most with an instruction set: what needs nothing but registers.
//
// Words of W: those of the product (product.h), and touch(vector), behind which the compiler knows nothing of it.
#pragma once
#include "format/layout.h"
#include "kernels/limit.h"
#include "kernels/vectors/rescale.h"

namespace dimple::kernels::vectors {

// Multiplies as a tile does, `rounds` groups long, and returns how many multiply-adds that was.
template <class W>
DIMPLE_INLINE int64_t multiply_registers(int64_t rounds) {
  constexpr int32_t kPixels = W::kTilePixels, kBlocks = W::kTileBlocks;
  typename W::Sums sums[kPixels][kBlocks]{};
  typename W::Weights a{}, b[kBlocks]{};
  for (int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 8
    for (int32_t block = 0; block < kBlocks; ++block) W::touch(b[block]);
#pragma GCC unroll 8
    for (int32_t pixel = 0; pixel < kPixels; ++pixel) {
      W::touch(a);
#pragma GCC unroll 8
      for (int32_t block = 0; block < kBlocks; ++block) W::dot(sums[pixel][block], a, b[block]);
    }
  }
#pragma GCC unroll 32
  for (int32_t i = 0; i < kPixels * kBlocks; ++i) W::touch(sums[i / kBlocks][i % kBlocks]);
  return rounds * kPixels * kBlocks * W::kLanes * W::kGroup;
}

// Brings the sums of `rounds` tiles to codes, and returns how many those were. Any sums and scales take the same time.
template <class W>
DIMPLE_INLINE int64_t rescale_registers(int64_t rounds) {
  constexpr int32_t kPixels = W::kTilePixels, kBlocks = W::kTileBlocks, kChannels = kBlocks * W::kLanes;
  const int32_t heads[kBlocks][format::kHeadRows * W::kLanes] = {};
  int8_t codes[kPixels * kChannels];
  typename W::Sums sums[kPixels][kBlocks]{};
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile("" : : "r"(heads), "r"(codes) : "memory");
    typename W::Sums scaled[kPixels][kBlocks];
#pragma GCC unroll 8
    for (int32_t block = 0; block < kBlocks; ++block) {
      const Rescale<W> of_block(Head<W>(heads[block]), 0);
#pragma GCC unroll 8
      for (int32_t pixel = 0; pixel < kPixels; ++pixel) {
        W::touch(sums[pixel][block]);
        scaled[pixel][block] = of_block(sums[pixel][block]);
      }
    }
    store_tile<W>(codes, kChannels, scaled, Ends{-128, 127, 0});
  }
  return rounds * kPixels * kChannels;
}

// What <isa>/limit.cc answers, by its words for products of codes and of floats.
template <class Codes, class Floats>
DIMPLE_INLINE int64_t work_in_registers(Work work, int64_t rounds) {
  switch (work) {
    case Work::multiply_f32: return multiply_registers<Floats>(rounds);
    case Work::multiply_s8: return multiply_registers<Codes>(rounds);
    case Work::rescale: return rescale_registers<Codes>(rounds);
  }
  return 0;
}

}  // namespace dimple::kernels::vectors
