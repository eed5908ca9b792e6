// memcpy, memset and bit casts for places without a C library.
#pragma once
#include "base/platform.h"

namespace dimple {

inline void copy_bytes(void* to, const void* from, size_t count) { __builtin_memcpy(to, from, count); }
inline void fill_bytes(void* to, int value, size_t count) { __builtin_memset(to, value, count); }

template <class To, class From>
constexpr To bit_cast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

inline bool aligned(const void* p, size_t to) { return reinterpret_cast<uintptr_t>(p) % to == 0; }

template <class T>
constexpr T round_up(T value, T to) {
  return (value + to - 1) / to * to;
}

}  // namespace dimple
