// The element types that weights from elsewhere come in, and what they become here: one list for .pth and safetensors.
#pragma once
#include <cstddef>
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

std::span<const ForeignType> foreign_types();

float from_half(uint16_t bits);  // IEEE binary16, subnormals, infinities and NaN included

}  // namespace dimple::model
