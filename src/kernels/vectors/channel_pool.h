// The mean or the largest channel of every pixel: vectors of channels, whose lanes then meet by halves. Works in place: a pixel
// is written where it, or one before it, was read.
//
// Words of W: kBytes of a vector; Sums, kLanes, load_codes(codes).
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/channels.h"
#include "kernels/vectors/pair.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

// f of all lanes of a vector: its halves meet, and theirs, until one lane is left.
template <class T, class V, class F>
DIMPLE_INLINE T meet(const V& v, F&& f) {
  if constexpr (sizeof(V) > 16) {
    using Half = typename VectorOf<T, sizeof(V) / 2>::Type;
    Half halves[2];
    store(halves, v);
    return meet<T>(f(halves[0], halves[1]), f);
  } else {
    using S64x2 = typename VectorOf<int64_t, 16>::Type;
    using S16x8 = typename VectorOf<int16_t, 16>::Type;
    const S64x2 by_64 = as<S64x2>(v);
    V met = f(v, as<V>(__builtin_shufflevector(by_64, by_64, 1, 1)));
    const S32x4 by_32 = as<S32x4>(met);
    met = f(met, as<V>(__builtin_shufflevector(by_32, by_32, 1, 1, 3, 3)));
    if constexpr (sizeof(T) == 1) {
      const S16x8 by_16 = as<S16x8>(met);
      met = f(met, as<V>(__builtin_shufflevector(by_16, by_16, 1, 1, 3, 3, 5, 5, 7, 7)));
      met = f(met, as<V>(as<S16x8>(met) >> 8));
    }
    return met[0];
  }
}
template <class T, class V, class F>
DIMPLE_INLINE T meet(const Two<V>& v, F&& f) {
  return meet<T>(f(v.low, v.high), f);
}

// Calls f(pixel, from), with the place of the pixel's first channel.
template <class T, class F>
DIMPLE_INLINE void for_pixels(const ops::Call& call, ops::Range rows, F&& f) {
  const ops::Range pixels = ops::pixels_of(call.in[0], rows);
  const auto* from = static_cast<const T*>(call.in[0].data);
  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel) f(pixel, from + pixel * call.in[0].channels);
}

// As max_pool.h compares; which of two NaNs or zeros remains is another matter.
template <class W, class T>
DIMPLE_INLINE void channel_max(const ops::Call& call, ops::Range rows) {
  const int32_t channels = call.in[0].channels;
  auto* to = static_cast<T*>(call.out.data);
  with_widest<T, W::kBytes, 16>(
      channels, [&]<class V>() __attribute__((always_inline)) {
        constexpr int32_t kLanes = kLanesOf<V, T>;
        const auto larger = [](const auto& a, const auto& b) __attribute__((always_inline)) { return a > b ? a : b; };
        for_pixels<T>(
            call, rows, [&](int32_t pixel, const T* from) __attribute__((always_inline)) {
              V largest = load<V>(from);
              for (int32_t c = kLanes; c < channels; c += kLanes)
                largest = larger(largest, load<V>(from + min_of(c, channels - kLanes)));
              if constexpr (kLanes == 1)
                to[pixel] = largest;
              else
                to[pixel] = meet<T>(largest, larger);
            });
      });
}

template <class W>
DIMPLE_INLINE void channel_mean_s8(const ops::Call& call, ops::Range rows) {
  const int32_t channels = call.in[0].channels, zeros = channels * call.in[0].zero_point;
  auto* to = static_cast<int8_t*>(call.out.data);
  const auto plus = [](const auto& a, const auto& b) __attribute__((always_inline)) { return a + b; };
  for_pixels<int8_t>(
      call, rows, [&](int32_t pixel, const int8_t* from) __attribute__((always_inline)) {
        typename W::Sums sums{};
        int32_t c = 0;
        for (; c + W::kLanes <= channels; c += W::kLanes) sums += W::load_codes(from + c);
        int32_t sum = meet<int32_t>(sums, plus) - zeros;
        for (; c < channels; ++c) sum += from[c];
        to[pixel] = to_s8(scale_rounded(sum, call.multiplier[0], call.shift[0]) + call.out.zero_point, call.clamp_low,
                          call.clamp_high);
      });
}

// The lanes' sums are added up: another order than the reference's.
template <class W>
DIMPLE_INLINE void channel_mean_f32(const ops::Call& call, ops::Range rows) {
  using V = typename VectorOf<float, W::kBytes>::Type;
  constexpr int32_t kLanes = kLanesOf<V, float>;
  const int32_t channels = call.in[0].channels;
  auto* to = static_cast<float*>(call.out.data);
  const auto plus = [](const auto& a, const auto& b) __attribute__((always_inline)) { return a + b; };
  for_pixels<float>(
      call, rows, [&](int32_t pixel, const float* from) __attribute__((always_inline)) {
        V sums{};
        int32_t c = 0;
        for (; c + kLanes <= channels; c += kLanes) sums += load<V>(from + c);
        float sum = meet<float>(sums, plus);
        for (; c < channels; ++c) sum += from[c];
        to[pixel] = sum / static_cast<float>(channels);
      });
}

}  // namespace dimple::kernels::vectors
