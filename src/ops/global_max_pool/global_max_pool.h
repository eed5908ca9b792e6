// The largest value of every channel. Integer form: the same scale and zero point on both sides.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct GlobalMaxPool {
  static constexpr const char* kName = "global_max_pool";
  static constexpr int kInputs = 1;

  constexpr bool operator==(const GlobalMaxPool&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {1, 1, in[0].channels};
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
