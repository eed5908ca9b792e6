// Zeros around a picture, or less of it: rows in order, each of padding, or left, what stays of the picture, right. A row of the
// output and the input row that it reads lie apart, so that the last vector of a run may begin earlier.
//
// Words of W: kBytes of a vector.
#pragma once
#include "kernels/vectors/channels.h"
#include "ops/kernel_call.h"
#include "ops/pad/pad.h"

namespace dimple::kernels::vectors {

template <class W, class T>
DIMPLE_INLINE T* fill(T* to, int32_t count, T value) {
  if (count <= 0) return to;
  for_channels<T, W::kBytes>(
      count, [&]<class V, int32_t kVectors>(int32_t i) __attribute__((always_inline)) {
        const auto values = static_cast<V>(V{} + value);
#pragma GCC unroll 4
        for (int32_t v = 0; v < kVectors; ++v) store(to + i + v * kLanesOf<V, T>, values);
      });
  return to + count;
}

template <class W, class T>
DIMPLE_INLINE void pad(const ops::Call& call, ops::Range rows, T zero) {
  const auto& op = ops::attributes_of<ops::Pad>(call);
  const ops::Tensor &in = call.in[0], &out = call.out;
  const int32_t first = max_of<int32_t>(0, -op.left), kept = in.width - first + min_of<int32_t>(0, op.right);
  auto* to = static_cast<T*>(out.data) + ops::elements_of(out, rows).first;
  for (int32_t y = rows.first; y < rows.last; ++y) {
    const int32_t row = y - op.top;
    if (row < 0 || row >= in.height) {
      to = fill<W>(to, out.width * out.channels, zero);
      continue;
    }
    to = fill<W>(to, op.left * in.channels, zero);  // nothing, when the side is negative
    copy_channels<W>(static_cast<const T*>(in.data) + (row * in.width + first) * in.channels, to, kept * in.channels);
    to = fill<W>(to + kept * in.channels, op.right * in.channels, zero);
  }
}

}  // namespace dimple::kernels::vectors
