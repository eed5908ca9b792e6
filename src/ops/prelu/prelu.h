// x where it is positive, slope * x elsewhere, with one learned slope per channel.
//
// Integer form: the slopes are s8 (zero point 0, a weight_scale each), and there is one fixed scale more than there are
// channels: multiplier[c] * 2^-shift[c] = in.scale * weight_scale[c] / out.scale below zero, the last one = in.scale /
// out.scale above:
//   out = clamp(scale_rounded(in > zero_in ? in - zero_in : (in - zero_in) * slope[c]) + zero_out)
// A slope may be negative: its sign is the code's, for a multiplier has none.
#pragma once
#include "ops/fixed_scale.h"
#include "ops/traits.h"

namespace dimple::ops {

struct Prelu : KeepsShape {
  static constexpr const char* kName = "prelu";
  static constexpr uint16_t kNumber = 21;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr bool kLinear = false;
  static constexpr Init kInitialWeight = Init::quarter;
  static constexpr bool kKeepsFactors = true;

  constexpr bool operator==(const Prelu&) const = default;

  constexpr Parameters parameters(const Shape* in) const {
    return {.weight = {{Axis::out, in[0].channels}}, .scales = int64_t{in[0].channels} + 1};
  }
  template <class Append>
  constexpr void plan_scales(const Shape*, const RealScales& scales, Append&& append) const {
    const double above = double{scales.in[0]} / scales.out;
    for (const float slope : scales.weight) append(make_fixed_scale(above * slope));
    append(make_fixed_scale(above));
  }
};

}  // namespace dimple::ops
