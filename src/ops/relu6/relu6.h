// min(max(x, 0), 6). Integer form: the same scale on both sides, so it is a clamp
// (ops/activation.h), as it is in float.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Relu6 {
  static constexpr const char* kName = "relu6";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr Activation kActivation = Activation::relu6;

  constexpr bool operator==(const Relu6&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
