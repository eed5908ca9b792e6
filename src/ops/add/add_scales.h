// The fixed-point parameters of the integer sum (see add.h). Ahead of time, on the host.
#pragma once
#include "ops/fixed_scale.h"

namespace dimple::ops {

struct AddScales {
  int32_t multiplier[2] = {0, 0};
  int32_t shift[2] = {1, 1};  // equal
};

// The larger of the two ratios sets the shift; the smaller one is written with it, and may come out as 0 when it is
// less than 2^-31 of the other. Its rounding error is below 255 * 2^-32 of the larger term's code.
constexpr AddScales make_add_scales(float in0_scale, float in1_scale, float out_scale) {
  const double ratios[2] = {double{in0_scale} / out_scale, double{in1_scale} / out_scale};
  const FixedScale larger = make_fixed_scale(max_of(ratios[0], ratios[1]));
  const double unit = static_cast<double>(int64_t{1} << larger.shift);
  AddScales s;
  for (int i = 0; i < 2; ++i) {
    s.multiplier[i] = static_cast<int32_t>(min_of(ratios[i] * unit + 0.5, 2147483647.0));
    s.shift[i] = larger.shift;
  }
  return s;
}

}  // namespace dimple::ops
