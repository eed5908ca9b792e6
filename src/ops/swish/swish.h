// x * sigmoid(x), also called SiLU. Integer form: a table of codes (ops/look_up.h).
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Swish {
  static constexpr const char* kName = "swish";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;

  constexpr bool operator==(const Swish&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {.table = kCodes}; }
};

}  // namespace dimple::ops
