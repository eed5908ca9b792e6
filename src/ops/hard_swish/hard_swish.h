// x * hard_sigmoid(x), that is x * min(max(x + 3, 0), 6) / 6. Integer form: a table of codes (ops/look_up.h); it is no
// clamp, and does not even grow everywhere.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct HardSwish {
  static constexpr const char* kName = "hard_swish";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;

  constexpr bool operator==(const HardSwish&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {.table = kCodes}; }
};

}  // namespace dimple::ops
