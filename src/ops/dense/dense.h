// Fully connected layer over all elements of its input. Weight [units][in elements in NHWC order], one bias per unit.
//
// Integer form: s8 in and out, s8 weight (zero point 0); per unit a s32 bias on the scale in.scale * weight_scale
// and a multiplier * 2^-shift = in.scale * weight_scale / out.scale (make_fixed_scale in ops/fixed_scale.h):
//   out = clamp(scale_rounded(bias + sum of (in - zero_in) * weight) + zero_out)
// The sum, bias included, must stay below 2^31 for every input (sum_fits in ops/shape.h): a program that breaks this
// is refused.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Dense {
  static constexpr const char* kName = "dense";
  static constexpr uint16_t kNumber = 3;
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kLinear = true;
  static constexpr bool kCoded = true;

  int32_t units = 0;
  Activation activation = Activation::none;

  constexpr bool operator==(const Dense&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("units", self.units);
    f("activation", self.activation);
  }

  constexpr bool shape(const Shape*, Shape& out) const {
    out = {1, 1, units};
    return units > 0;
  }
  constexpr Parameters parameters(const Shape* in) const {
    return {.weight = {{Axis::out, units}, {Axis::element, in[0].elements()}}, .bias = units, .scales = units};
  }
};

}  // namespace dimple::ops
