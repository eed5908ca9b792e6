// A fixed-size array without a C++ library.
#pragma once
#include "base/platform.h"

namespace dimple {

template <class T, size_t N>
struct Array {
  T items[N];
  static constexpr size_t size() { return N; }
  constexpr T& operator[](size_t i) { return items[i]; }
  constexpr const T& operator[](size_t i) const { return items[i]; }
  constexpr T* begin() { return items; }
  constexpr T* end() { return items + N; }
  constexpr const T* begin() const { return items; }
  constexpr const T* end() const { return items + N; }
};

}  // namespace dimple
