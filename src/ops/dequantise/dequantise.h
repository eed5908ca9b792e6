// s8 to float: x = scale * (code - zero_point); scale and zero point are those of the input.
// Its output is four times as large, so it cannot work in place.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Dequantise {
  static constexpr const char* kName = "dequantise";
  static constexpr int kInputs = 1;

  constexpr bool operator==(const Dequantise&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
