// The element types that weights from elsewhere come in, and what they become here: one list for .pth and safetensors.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/dtype.h"

namespace dimple::model {

struct ForeignType {
  std::string_view torch;        // the class of its storage, without the module
  std::string_view safetensors;  // its name in a header
  size_t bytes;                  // of an element, little-endian
  DType becomes;
  bool (*convert)(const std::byte* from, std::byte* to);  // one element; false: it has no place in the smaller type
};

// What a file may say of a tensor, whatever its form.
inline constexpr size_t kMaxDims = 8;
inline constexpr int64_t kMaxElements = int64_t{1} << 40;  // products with strides are checked, sums stay below 2^63

std::span<const ForeignType> foreign_types();

float from_half(uint16_t bits);  // IEEE binary16, subnormals, infinities and NaN included

}  // namespace dimple::model
