// What a core can multiply and add at most with an instruction set: products that need nothing but registers.
//
// Words of W: those of the product (product.h), and touch(vector), behind which the compiler knows nothing of it.
#pragma once
#include "base/platform.h"

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

}  // namespace dimple::kernels::vectors
