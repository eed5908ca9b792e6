// x where it is positive, slope * x elsewhere, with one learned slope per channel.
//
// Integer form: the slopes are s8 (zero point 0, a weight_scale each), and there is one fixed scale more than there are
// channels: multiplier[c] * 2^-shift[c] = in.scale * weight_scale[c] / out.scale below zero, the last one = in.scale /
// out.scale above:
//   out = clamp(scale_rounded(in > zero_in ? in - zero_in : (in - zero_in) * slope[c]) + zero_out)
// A slope may be negative: its sign is the code's, for a multiplier has none.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

struct Prelu {
  static constexpr const char* kName = "prelu";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;

  constexpr bool operator==(const Prelu&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self&, F&&) {}

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
  constexpr ParameterCounts parameters(const Shape* in) const {
    return {.weight = in[0].channels, .scales = int64_t{in[0].channels} + 1};
  }
};

}  // namespace dimple::ops
