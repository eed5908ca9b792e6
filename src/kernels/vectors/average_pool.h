// Means under a window. Floats are summed up and divided as the reference does it, to the bit.
//
// Codes, exact, in 16 bits, for windows of n <= kMostTaps = 64 taps. The reference's mean of the sum s is
//   floor((2 s + n) / 2 n)  =  floor(x / d) - 128,   x = 2 s + 257 n,  d = 2 n
// -128 n <= s <= 127 n, so n <= x <= 511 n < 2^16. With b = ceil(log2 n), k = 16 + b and m = ceil(2^k / d):
//   2^15 <= 2^k / d < 2^16    (equal where n is a power of two; elsewhere d is even and m <= 2^16 - 1)
//   x m / 2^k  =  x / d + x e / (d 2^k),   e = m d - 2^k < d <= 128
// x e <= 511 n * 127 < 2^16 n <= 2^k: what is added stays below 1 / d and reaches no next whole number, so that
//   floor(x / d)  =  ((x m) >> 16) >> b
//
// Words of W: kBytes of a vector; of numbers of 16 bits upper_16(a, b, n): (a * b) >> (16 + n), unsigned, and narrowed<V>(v): in
// 8 bits those that fit, signed.
#pragma once
#include "kernels/vectors/channels.h"
#include "kernels/vectors/scratch.h"
#include "ops/kernel_call.h"
#include "ops/pool/pool.h"
#include "ops/window_taps.h"

namespace dimple::kernels::vectors {

// What makes a code of the sum of n of them.
template <class W>
struct CodeMean {
  int32_t n, offset, multiplier = 0, shift = 0;  // 257 n, m and b

  constexpr explicit CodeMean(int32_t count) : n(count), offset(257 * count) {
    while (1 << shift < n) ++shift;
    multiplier = ((1 << (16 + shift)) + 2 * n - 1) / (2 * n);
  }

  constexpr int8_t of(int32_t sum) const {
    const uint32_t x = static_cast<uint32_t>(2 * sum + offset);
    return static_cast<int8_t>(static_cast<int32_t>(x * static_cast<uint32_t>(multiplier) >> (16 + shift)) - 128);
  }
  // In a vector V, from sums of 16 bits.
  template <class V, class Sums>
  DIMPLE_INLINE V of(const Sums& sums) const {
    using Unsigned = typename VectorOf<uint16_t, sizeof(Sums)>::Type;
    const Unsigned x = as<Unsigned>(sums + sums) + static_cast<uint16_t>(offset);
    const Unsigned mean = W::upper_16(x, Unsigned{} + static_cast<uint16_t>(multiplier), shift);
    return W::template narrowed<V>(mean - 128);
  }
};

// Calls f(tap) for each tap inside the picture, with the place of its first channel.
template <class T, class F>
DIMPLE_INLINE void for_taps(const ops::WindowPosition& at, const T* from, int32_t channels, F&& f) {
  for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky) {
    const T* tap = from + at.pixel(ky, at.columns.first) * channels;
    for (int32_t kx = at.columns.first; kx < at.columns.last; ++kx, tap += channels) f(tap);
  }
}

// The sums of n vectors, of T from `from` on, each of which began as `first`.
template <class T, class V, class Sum, int32_t kVectors>
DIMPLE_INLINE void add_up(const ops::WindowPosition& at, const T* from, int32_t channels, Sum first,
                          Sum (&sums)[kVectors]) {
#pragma GCC unroll 4
  for (int32_t v = 0; v < kVectors; ++v) sums[v] = first;
  for_taps(
      at, from, channels, [&](const T* tap) __attribute__((always_inline)) {
#pragma GCC unroll 4
        for (int32_t v = 0; v < kVectors; ++v) {
          const V values = load<V>(tap + v * kLanesOf<V, T>);
          if constexpr (sizeof(V) == sizeof(Sum))
            sums[v] += values;
          else
            sums[v] += __builtin_convertvector(values, Sum);
        }
      });
}

template <class W>
DIMPLE_INLINE void average_pool_s8(const ops::Call& call, ops::Range rows) {
  const auto& op = ops::attributes_of<ops::AveragePool>(call);
  const ops::Tensor& in = call.in[0];
  const int32_t channels = in.channels, all = op.window.kernel_h * op.window.kernel_w;
  const auto* from = static_cast<const int8_t*>(in.data);
  auto* to = static_cast<int8_t*>(call.out.data) + ops::elements_of(call.out, rows).first;
  CodeMean<W> mean(all);
  ops::for_window_positions(
      op.window, in, call.out, rows, [&](const ops::WindowPosition& at) __attribute__((always_inline)) {
        const int32_t inside = at.rows.count() * at.columns.count(), count = op.count_include_pad ? all : inside;
        const int32_t outside = (count - inside) * in.zero_point;
        if (count != mean.n) mean = CodeMean<W>(count);
        for_channels<int8_t, W::kBytes / 2>(
            channels, [&]<class V, int32_t kVectors>(int32_t c) __attribute__((always_inline)) {
              if constexpr (sizeof(V) == 1) {
                int32_t sum = outside;
                for_taps(at, from + c, channels, [&](const int8_t* tap) { sum += *tap; });
                to[c] = mean.of(sum);
              } else {
                using Sums = typename VectorOf<int16_t, 2 * sizeof(V)>::Type;
                Sums sums[kVectors];
                add_up<int8_t, V>(at, from + c, channels, Sums{} + static_cast<int16_t>(outside), sums);
#pragma GCC unroll 4
                for (int32_t v = 0; v < kVectors; ++v)
                  store(to + c + v * kLanesOf<V, int8_t>, mean.template of<V>(sums[v]));
              }
            });
        to += channels;
      });
}

template <class W>
DIMPLE_INLINE void average_pool_f32(const ops::Call& call, ops::Range rows) {
  const auto& op = ops::attributes_of<ops::AveragePool>(call);
  const ops::Tensor& in = call.in[0];
  const int32_t channels = in.channels, all = op.window.kernel_h * op.window.kernel_w;
  const auto* from = static_cast<const float*>(in.data);
  auto* to = static_cast<float*>(call.out.data) + ops::elements_of(call.out, rows).first;
  ops::for_window_positions(
      op.window, in, call.out, rows, [&](const ops::WindowPosition& at) __attribute__((always_inline)) {
        const int32_t inside = at.rows.count() * at.columns.count();
        const auto count = static_cast<float>(op.count_include_pad ? all : inside);
        for_channels<float, W::kBytes>(
            channels, [&]<class V, int32_t kVectors>(int32_t c) __attribute__((always_inline)) {
              V sums[kVectors];
              add_up<float, V>(at, from + c, channels, V{}, sums);
#pragma GCC unroll 4
              for (int32_t v = 0; v < kVectors; ++v) store(to + c + v * kLanesOf<V, float>, sums[v] / count);
            });
        to += channels;
      });
}

}  // namespace dimple::kernels::vectors
