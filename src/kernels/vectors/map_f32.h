// Functions of one float, and sums and products of two tensors of floats.
//
// e^x as in base/exp.h: x = k ln 2 + r, e^x = 2^k e^r, with a Taylor polynomial of degree 7, fused. k is found by adding
// 1.5 * 2^23, behind which a float has no fraction: its lowest bits are those of k.
//
// Words of W: Sums, Ints (as many numbers of 32 bits), kLanes, dot(sums, a, b): sums += a * b; load_some, store_some, kMasksLanes
// (depthwise_f32.h).
#pragma once
#include "kernels/vectors/vector.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

template <class W>
struct Functions {
  using V = typename W::Sums;
  using Ints = typename W::Ints;

  DIMPLE_INLINE static V exp(const V& x) {
    const V magic = V{} + 12582912.0f, in_range = x > V{} + 88.0f ? V{} + 88.0f : x;
    V shifted = magic;
    W::dot(shifted, in_range, V{} + 1.44269504f);
    const V k = shifted - magic;
    V r = in_range;
    W::dot(r, k, V{} - 0.693359375f);  // ln 2 in two pieces, the first exact in 9 bits
    W::dot(r, k, V{} + 2.12194440e-4f);
    V p = V{} + 1.0f / 5040;
    p = next(p, r, 1.0f / 720), p = next(p, r, 1.0f / 120), p = next(p, r, 1.0f / 24), p = next(p, r, 1.0f / 6);
    p = next(p, r, 0.5f), p = next(p, r, 1.0f), p = next(p, r, 1.0f);
    const V power = as<V>((as<Ints>(shifted) - as<Ints>(magic) + 127) << 23);
    return x > V{} - 87.0f ? p * power : V{};  // 0 for NaN, as there
  }

  DIMPLE_INLINE static V sigmoid(const V& x) { return 1.0f / (1.0f + exp(-x)); }
  DIMPLE_INLINE static V swish(const V& x) { return x * sigmoid(x); }
  DIMPLE_INLINE static V hard_sigmoid(const V& x) { return clamped(x + 3.0f, V{}, V{} + 6.0f) / 6.0f; }
  DIMPLE_INLINE static V hard_swish(const V& x) { return x * hard_sigmoid(x); }

 private:
  DIMPLE_INLINE static V next(const V& p, const V& r, float coefficient) {
    V sum = V{} + coefficient;
    W::dot(sum, p, r);
    return sum;
  }
};

// to[i] = f(i-th element's vector, how many lanes of it count)
template <class W, class F>
DIMPLE_INLINE void for_vectors(float* to, int32_t first, int32_t last, F&& f) {
  int32_t i = first;
  if constexpr (!W::kMasksLanes) {  // one body: f is large, and tests for the last lanes are cheap
    for (; i < last; i += W::kLanes) {
      const int32_t count = last - i;
      W::store_some(to + i, f(i, count), count);
    }
    return;
  }
  for (; i + W::kLanes <= last; i += W::kLanes) store(to + i, f(i, W::kLanes));
  if (i < last) W::store_some(to + i, f(i, last - i), last - i);
}

template <class W, class F>
DIMPLE_INLINE void map_f32(const ops::Call& call, ops::Range rows, F&& f) {
  const ops::Range elements = ops::elements_of(call.out, rows);
  const auto* from = static_cast<const float*>(call.in[0].data);
  for_vectors<W>(static_cast<float*>(call.out.data), elements.first, elements.last,
                 [&](int32_t i, int32_t count) { return f(W::load_some(from + i, count)); });
}

// An activation that stands alone.
template <class W>
DIMPLE_INLINE void clamp_f32(const ops::Call& call, ops::Range rows) {
  using V = typename W::Sums;
  const V low = V{} + call.clamp_low_f32, high = V{} + call.clamp_high_f32;
  map_f32<W>(call, rows, [&](const V& v) { return clamped(v, low, high); });
}

template <class W>
DIMPLE_INLINE void add_f32(const ops::Call& call, ops::Range rows) {
  const ops::Range elements = ops::elements_of(call.out, rows);
  const auto* a = static_cast<const float*>(call.in[0].data);
  const auto* b = static_cast<const float*>(call.in[1].data);
  const typename W::Sums low = typename W::Sums{} + call.clamp_low_f32, high = typename W::Sums{} + call.clamp_high_f32;
  for_vectors<W>(static_cast<float*>(call.out.data), elements.first, elements.last, [&](int32_t i, int32_t count) {
    return clamped(W::load_some(a + i, count) + W::load_some(b + i, count), low, high);
  });
}

// The second input has the first one's shape, or is spread over pixels, channels or both.
template <class W>
DIMPLE_INLINE void multiply_f32(const ops::Call& call, ops::Range rows) {
  const ops::Tensor &out = call.out, &factor = call.in[1];
  const auto* a = static_cast<const float*>(call.in[0].data);
  const auto* b = static_cast<const float*>(factor.data);
  auto* to = static_cast<float*>(out.data);
  const bool one_pixel = factor.height * factor.width == 1, one_channel = factor.channels == 1;
  const ops::Range pixels = ops::pixels_of(out, rows);
  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel) {
    const int32_t first = pixel * out.channels, last = first + out.channels;
    const float* other = b + (one_pixel ? 0 : pixel) * factor.channels;
    if (one_channel) {
      const typename W::Sums one = W::spread(other);
      for_vectors<W>(to, first, last, [&](int32_t i, int32_t count) { return W::load_some(a + i, count) * one; });
    } else {
      for_vectors<W>(to, first, last, [&](int32_t i, int32_t count) {
        return W::load_some(a + i, count) * W::load_some(other + (i - first), count);
      });
    }
  }
}

}  // namespace dimple::kernels::vectors
