// The channels of a pixel by vectors, none beyond the last: the last vector begins earlier and takes some channels twice, and
// where channels are few vectors are narrower, down to one of 8 bytes and then single numbers.
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/vector.h"

namespace dimple::kernels::vectors {

template <class T, int32_t kBytes>
struct VectorOf {
  using Type [[gnu::vector_size(kBytes)]] = T;
};

template <class V, class T>
inline constexpr int32_t kLanesOf = static_cast<int32_t>(sizeof(V) / sizeof(T));

// Calls f.operator()<V>() with the widest vector of T that so many numbers fill, of kBytes at most and kLeast at least, or T.
template <class T, int32_t kBytes, int32_t kLeast, class F>
DIMPLE_INLINE void with_widest(int32_t count, F&& f) {
  if constexpr (kBytes < kLeast) {
    f.template operator()<T>();
  } else {
    using V = typename VectorOf<T, kBytes>::Type;
    if (count < kLanesOf<V, T>) return with_widest<T, kBytes / 2, kLeast>(count, f);
    f.template operator()<V>();
  }
}

// Calls f.operator()<V, n>(c): the channels of n vectors V of T from c on.
template <class T, int32_t kBytes, class F>
DIMPLE_INLINE void for_channels(int32_t channels, F&& f) {
  with_widest<T, kBytes, 8>(
      channels, [&]<class V>() __attribute__((always_inline)) {
        constexpr int32_t kLanes = kLanesOf<V, T>, kAtOnce = 4;
        int32_t c = 0;
        if constexpr (kLanes > 1)
          for (; c + kAtOnce * kLanes <= channels; c += kAtOnce * kLanes) f.template operator()<V, kAtOnce>(c);
        for (; c < channels; c += kLanes) f.template operator()<V, 1>(min_of(c, channels - kLanes));
      });
}

template <class W, class T>
DIMPLE_INLINE void copy_channels(const T* from, T* to, int32_t channels) {
  for_channels<T, W::kBytes>(
      channels, [&]<class V, int32_t kVectors>(int32_t c) __attribute__((always_inline)) {
#pragma GCC unroll 4
        for (int32_t v = 0; v < kVectors; ++v) {
          const int32_t at = c + v * kLanesOf<V, T>;
          store(to + at, load<V>(from + at));
        }
      });
}

}  // namespace dimple::kernels::vectors
