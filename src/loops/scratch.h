// Memory for the length of a call. For the loops of lanes.h, hence without the C++ library.
#pragma once
#include <stdint.h>
#include <stdlib.h>

namespace dimple::loops {
namespace {

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
