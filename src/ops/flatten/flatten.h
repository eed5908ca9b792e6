// All elements as one row of channels, in NHWC order. Moves nothing.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Flatten {
  static constexpr const char* kName = "flatten";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;

  constexpr bool operator==(const Flatten&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {1, 1, static_cast<int32_t>(in[0].elements())};
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
