// 1 / (1 + e^-x). Integer form: a table of codes (ops/look_up.h).
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Sigmoid {
  static constexpr const char* kName = "sigmoid";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;

  constexpr bool operator==(const Sigmoid&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {.table = kCodes}; }
};

}  // namespace dimple::ops
