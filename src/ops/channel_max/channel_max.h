// The largest channel of each pixel: H x W x C becomes H x W x 1. Integer form: the same scale and zero point on both
// sides.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct ChannelMax {
  static constexpr const char* kName = "channel_max";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;

  constexpr bool operator==(const ChannelMax&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {in[0].height, in[0].width, 1};
    return true;
  }
  constexpr ParameterCounts parameters(const Shape*) const { return {}; }
};

}  // namespace dimple::ops
