// exp(x) / sum exp(x) over the channels of every pixel. Float only: integer programs end at the logits.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Softmax {
  static constexpr const char* kName = "softmax";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;

  constexpr bool operator==(const Softmax&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
