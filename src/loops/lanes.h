// Vectors as the compiler knows them, for the loops that training spends its time in. Each .cc file of this room is
// compiled once for each level of machine (cmake/rooms.cmake: -march=x86-64-v4, -v3, and what every machine of the kind
// can do), and loops/level.h picks one when the program runs. A function that two levels share would be linked once,
// for one of them: so no C++ library, and every function static.
#pragma once
#include <stdint.h>
#include <stdlib.h>

namespace dimple::loops {
namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16, kAccumulators = 24;  // of 32 registers
#elif defined(__AVX2__)
constexpr int kLanes = 8, kAccumulators = 12;  // of 16
#elif defined(__aarch64__)
constexpr int kLanes = 4, kAccumulators = 24;
#else
constexpr int kLanes = 4, kAccumulators = 12;
#endif

using Floats [[gnu::vector_size(kLanes * sizeof(float)), gnu::aligned(sizeof(float)), gnu::may_alias]] = float;
using Bits [[gnu::vector_size(kLanes * sizeof(float))]] = int32_t;

#define DIMPLE_INLINE [[gnu::always_inline]] inline

DIMPLE_INLINE Floats load(const float* p) { return *reinterpret_cast<const Floats*>(p); }
DIMPLE_INLINE void store(float* p, const Floats& v) { *reinterpret_cast<Floats*>(p) = v; }
DIMPLE_INLINE Floats broadcast(float v) { return Floats{} + v; }

// The first `count` of a vector's lanes, for the last channels; the others read as 0.
DIMPLE_INLINE Floats load_some(const float* p, int64_t count) {
  if (count >= kLanes) return load(p);
  Floats v{};
  for (int64_t i = 0; i < count; ++i) v[i] = p[i];
  return v;
}
DIMPLE_INLINE void store_some(float* p, const Floats& v, int64_t count) {
  if (count >= kLanes) return store(p, v);
  for (int64_t i = 0; i < count; ++i) p[i] = v[i];
}

DIMPLE_INLINE int64_t round_up_to_lanes(int64_t n) { return (n + kLanes - 1) / kLanes * kLanes; }

// Memory for the length of a call.
enum class Filled { zeros, nothing };

class Scratch {
 public:
  explicit Scratch(int64_t floats, Filled with = Filled::zeros)
      : data_(static_cast<float*>(with == Filled::zeros ? calloc(static_cast<size_t>(floats) + kSlack, 4)
                                                        : malloc((static_cast<size_t>(floats) + kSlack) * 4))) {
    if (!data_) abort();  // a few hundred kilobytes
  }
  ~Scratch() { free(data_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  float* data() const { return data_ + offset_; }

 private:
  static constexpr size_t kSlack = 16;
  float* data_;
  // A vector that crosses a cache line costs two loads.
  int64_t offset_ = static_cast<int64_t>((64 - reinterpret_cast<uintptr_t>(data_) % 64) % 64 / 4);
};

}  // namespace
}  // namespace dimple::loops

// conv2d_loops -> conv2d_loops_v4: what a file offers, under the name of the level it was compiled for.
#define DIMPLE_JOIN(name, level) name##_##level
#define DIMPLE_JOIN_VALUE(name, level) DIMPLE_JOIN(name, level)
#define DIMPLE_LEVEL_NAME(name) DIMPLE_JOIN_VALUE(name, DIMPLE_LEVEL)
