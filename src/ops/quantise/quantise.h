// Float to s8: code = clamp(round(x / scale) + zero_point), halves upwards, NaN as the lowest
// code; scale and zero point are those of the output.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Quantise {
  static constexpr const char* kName = "quantise";
  static constexpr int kInputs = 1;

  constexpr bool operator==(const Quantise&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
