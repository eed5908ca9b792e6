// max(x, 0). Integer form: the same scale on both sides, so it is a clamp at the zero point
// (ops/activation.h), as it is in float.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Relu {
  static constexpr const char* kName = "relu";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr Activation kActivation = Activation::relu;

  constexpr bool operator==(const Relu&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
