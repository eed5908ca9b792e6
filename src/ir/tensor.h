// A constant on the host: weights, biases, scales. Row-major, little-endian.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/dtype.h"
#include "ir/shared_bytes.h"

namespace dimple::ir {

struct Tensor {
  DType dtype = DType::f32;
  std::vector<int64_t> dims;
  SharedBytes data;  // copies of a tensor share them until one is written

  bool operator==(const Tensor&) const = default;

  int64_t elements() const {
    int64_t n = 1;
    for (const int64_t d : dims) n *= d;
    return n;
  }

  template <class T>
  std::span<T> as() {
    return {reinterpret_cast<T*>(data.data()), data.size() / sizeof(T)};
  }
  template <class T>
  std::span<const T> as() const {
    return {reinterpret_cast<const T*>(data.data()), data.size() / sizeof(T)};
  }
};

inline Tensor make_tensor(DType dtype, std::vector<int64_t> dims) {
  Tensor t{dtype, std::move(dims), {}};
  t.data.resize(static_cast<size_t>(bytes_of(dtype, t.elements())));
  return t;
}

template <class T>
Tensor make_tensor(DType dtype, std::vector<int64_t> dims, const std::vector<T>& values) {
  Tensor t = make_tensor(dtype, std::move(dims));
  std::memcpy(t.data.data(), values.data(), t.data.size());
  return t;
}

}  // namespace dimple::ir
