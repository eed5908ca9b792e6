// The largest code or float of each channel, under a window or in a whole picture. Compared in the reference's order and this
// way round: a NaN has the same effect, and compilers make one instruction of it.
//
// Words of W: kBytes of a vector.
#pragma once
#include "kernels/vectors/channels.h"
#include "ops/kernel_call.h"
#include "ops/pool/pool.h"
#include "ops/window_taps.h"

namespace dimple::kernels::vectors {

// Of `rows` times `columns` pixels, `row_step` pixels from a row to the next.
template <class W, class T>
DIMPLE_INLINE void write_largest(const T* from, int32_t rows, int32_t columns, int32_t row_step, int32_t channels,
                                 T* to) {
  for_channels<T, W::kBytes>(
      channels, [&]<class V, int32_t kVectors>(int32_t c) __attribute__((always_inline)) {
        constexpr int32_t kLanes = kLanesOf<V, T>;
        V largest[kVectors];
#pragma GCC unroll 4
        for (int32_t v = 0; v < kVectors; ++v) largest[v] = load<V>(from + c + v * kLanes);
        for (int32_t row = 0; row < rows; ++row) {
          const T* tap = from + row * row_step * channels + c;
          for (int32_t column = 0; column < columns; ++column, tap += channels)
#pragma GCC unroll 4
            for (int32_t v = 0; v < kVectors; ++v) {
              const V other = load<V>(tap + v * kLanes);
              largest[v] = largest[v] > other ? largest[v] : other;
            }
        }
#pragma GCC unroll 4
        for (int32_t v = 0; v < kVectors; ++v) store(to + c + v * kLanes, largest[v]);
      });
}

template <class W, class T>
DIMPLE_INLINE void max_pool(const ops::Call& call, ops::Range rows) {
  const ops::Window& window = ops::attributes_of<ops::MaxPool>(call).window;
  const int32_t channels = call.out.channels;
  const auto* from = static_cast<const T*>(call.in[0].data);
  auto* to = static_cast<T*>(call.out.data) + ops::elements_of(call.out, rows).first;
  ops::for_window_positions(
      window, call.in[0], call.out, rows, [&](const ops::WindowPosition& at) __attribute__((always_inline)) {
        write_largest<W>(from + at.pixel(at.rows.first, at.columns.first) * channels, at.rows.count(),
                         at.columns.count(), at.row_step, channels, to);
        to += channels;
      });
}

template <class W, class T>
DIMPLE_INLINE void global_max_pool(const ops::Call& call) {
  const ops::Tensor& in = call.in[0];
  write_largest<W>(static_cast<const T*>(in.data), 1, in.height * in.width, 0, in.channels,
                   static_cast<T*>(call.out.data));
}

}  // namespace dimple::kernels::vectors
