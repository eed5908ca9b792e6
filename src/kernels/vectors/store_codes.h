// Codes of a tile into the output. Four vectors of numbers become one of codes: narrowing and clamping are shared.
//
// Words of W: kLanes, Sums, pack(sums[4], ends): 4 * kLanes codes in order, the nearest where they do not fit;
// store_piece<first, n>(to, packed): those of n vectors; store_some(to, sums, ends, count).
#pragma once
#include "kernels/vectors/vector.h"

namespace dimple::kernels::vectors {

// What becomes of a number: a zero point is added, 0 where it was, and it is clamped.
struct Ends {
  int32_t low, high, zero_point;
};

// Compared this way round, unlike clamped(): GCC makes max and min of it, codes having no NaN.
template <class V>
DIMPLE_INLINE V clamped_codes(const V& v, const Ends& ends) {
  const V lowest = V{} + static_cast<int8_t>(ends.low), highest = V{} + static_cast<int8_t>(ends.high);
  const V not_below = v > lowest ? v : lowest;
  return not_below < highest ? not_below : highest;
}

// kPixels pixels of kBlocks blocks of channels each, all of whose lanes are there; `step` codes from a pixel to the next.
template <class W, int32_t kPixels, int32_t kBlocks>
DIMPLE_INLINE void store_tile(int8_t* to, int32_t step, const typename W::Sums (&sums)[kPixels][kBlocks],
                              const Ends& ends) {
  constexpr int32_t kAll = kPixels * kBlocks, kPixel = kBlocks * W::kLanes;
  const bool contiguous = kBlocks != 4 && step == kPixel;
#pragma GCC unroll 8
  for (int32_t first = 0; first < kAll; first += 4) {
    typename W::Sums four[4];
#pragma GCC unroll 4
    for (int32_t i = 0; i < 4; ++i) {
      const int32_t at = first + i < kAll ? first + i : kAll - 1;
      four[i] = sums[at / kBlocks][at % kBlocks];
    }
    const auto packed = W::pack(four, ends);
    if (kBlocks == 4) {
      store(to + first / 4 * step, packed);
    } else if (contiguous && first + 4 <= kAll) {
      store(to + first * W::kLanes, packed);
    } else if (kBlocks == 2) {
      W::template store_piece<0, 2>(to + first / 2 * step, packed);
      if (first + 2 < kAll) W::template store_piece<2, 2>(to + (first / 2 + 1) * step, packed);
    } else if (!W::kStoresPieces) {
#pragma GCC unroll 4
      for (int32_t i = first; i < first + 4; ++i)
        if (i < kAll)
          W::store_some(to + i / kBlocks * step + i % kBlocks * W::kLanes, sums[i / kBlocks][i % kBlocks], ends,
                        W::kLanes);
    } else {
      const auto place = [&](int32_t at) { return to + at / kBlocks * step + at % kBlocks * W::kLanes; };
      W::template store_piece<0, 1>(place(first), packed);
      if (first + 1 < kAll) W::template store_piece<1, 1>(place(first + 1), packed);
      if (first + 2 < kAll) W::template store_piece<2, 1>(place(first + 2), packed);
      if (first + 3 < kAll) W::template store_piece<3, 1>(place(first + 3), packed);
    }
  }
}

// The same where the last block has `count` lanes in all blocks together.
template <class W, int32_t kPixels, int32_t kBlocks>
DIMPLE_INLINE void store_part_of_tile(int8_t* to, int32_t step, const typename W::Sums (&sums)[kPixels][kBlocks],
                                      const Ends& ends, int32_t count) {
#pragma GCC unroll 16
  for (int32_t i = 0; i < kPixels; ++i)
#pragma GCC unroll 8
    for (int32_t b = 0; b < kBlocks; ++b)
      W::store_some(to + i * step + b * W::kLanes, sums[i][b], ends, count - b * W::kLanes);
}

// `count` codes side by side, of whole vectors: sums_at(i) are those from i on. Returns how many were written.
template <class W, class F>
DIMPLE_INLINE int32_t write_vectors(int8_t* to, int32_t count, const Ends& ends, F&& sums_at) {
  constexpr int32_t kAtOnce = 4;
  int32_t i = 0;
  for (; i + kAtOnce * W::kLanes <= count; i += kAtOnce * W::kLanes) {
    typename W::Sums sums[kAtOnce];
#pragma GCC unroll 4
    for (int32_t v = 0; v < kAtOnce; ++v) sums[v] = sums_at(i + v * W::kLanes);
    store(to + i, W::pack(sums, ends));
  }
  for (; i + W::kLanes <= count; i += W::kLanes) W::store_some(to + i, sums_at(i), ends, W::kLanes);
  return i;
}

}  // namespace dimple::kernels::vectors
