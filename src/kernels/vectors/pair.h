// Two vectors as one, for machines whose vectors hold four sums: eight output channels lie side by side in memory.
//
// Copied, loaded and stored half by half: compilers keep what is copied as a whole in memory, not in registers.
#pragma once
#include "kernels/vectors/vector.h"

namespace dimple::kernels::vectors {

template <class V>
struct Two {
  V low, high;

  Two() = default;
  DIMPLE_INLINE Two(const V& l, const V& h) : low(l), high(h) {}
  DIMPLE_INLINE Two(const Two& other) : low(other.low), high(other.high) {}
  DIMPLE_INLINE Two& operator=(const Two& other) {
    low = other.low;
    high = other.high;
    return *this;
  }
  DIMPLE_INLINE Two& operator+=(const Two& other) {
    low += other.low;
    high += other.high;
    return *this;
  }
  DIMPLE_INLINE Two& operator|=(const Two& other) {
    low |= other.low;
    high |= other.high;
    return *this;
  }
};

// As a vector of the compiler computes; a number stands for as many of it.
template <class V>
DIMPLE_INLINE Two<V> operator+(const Two<V>& a, const Two<V>& b) {
  return {a.low + b.low, a.high + b.high};
}
template <class V>
DIMPLE_INLINE Two<V> operator-(const Two<V>& a, const Two<V>& b) {
  return {a.low - b.low, a.high - b.high};
}
template <class V>
DIMPLE_INLINE Two<V> operator+(const Two<V>& a, int32_t b) {
  return {a.low + b, a.high + b};
}
template <class V>
DIMPLE_INLINE Two<V> operator+(const Two<V>& a, float b) {
  return {a.low + b, a.high + b};
}
template <class V>
DIMPLE_INLINE Two<V> operator-(const Two<V>& a, int32_t b) {
  return {a.low - b, a.high - b};
}
template <class V>
DIMPLE_INLINE Two<V> operator<<(const Two<V>& a, int32_t by) {
  return {a.low << by, a.high << by};
}
template <class V>
DIMPLE_INLINE Two<V> operator>>(const Two<V>& a, int32_t by) {
  return {a.low >> by, a.high >> by};
}
template <class V>
DIMPLE_INLINE Two<V> operator<<(const Two<V>& a, const Two<V>& by) {
  return {a.low << by.low, a.high << by.high};
}
template <class V>
DIMPLE_INLINE Two<V> operator>>(const Two<V>& a, const Two<V>& by) {
  return {a.low >> by.low, a.high >> by.high};
}

template <class V>
DIMPLE_INLINE Two<V> clamped(const Two<V>& v, const Two<V>& lowest, const Two<V>& highest) {
  return {clamped(v.low, lowest.low, highest.low), clamped(v.high, lowest.high, highest.high)};
}
template <class V>
DIMPLE_INLINE Two<V> where_positive(const Two<V>& x, const Two<V>& a, const Two<V>& b) {
  return {where_positive(x.low, a.low, b.low), where_positive(x.high, a.high, b.high)};
}

template <class V>
struct Memory<Two<V>> {
  DIMPLE_INLINE static Two<V> load(const void* from) {
    return {vectors::load<V>(from), vectors::load<V>(static_cast<const char*>(from) + sizeof(V))};
  }
  DIMPLE_INLINE static void store(void* to, const Two<V>& v) {
    const V low = v.low, high = v.high;
    vectors::store(to, low);
    vectors::store(static_cast<char*>(to) + sizeof(V), high);
  }
};

using S32x4 [[gnu::vector_size(16)]] = int32_t;
using Pair = Two<S32x4>;

}  // namespace dimple::kernels::vectors
