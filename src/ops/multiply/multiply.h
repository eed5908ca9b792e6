// Element-wise product. The second input has the first one's shape, or is spread over it: 1 x 1 x C (a factor for each
// channel), H x W x 1 (for each pixel), 1 x 1 x 1.
//
// Integer form: one scale, multiplier[0] * 2^-shift[0] = in[0].scale * in[1].scale / out.scale (make_fixed_scale), and
//   out = clamp(scale_rounded((in0 - zero0) * (in1 - zero1)) + zero_out)
#pragma once
#include "ops/fixed_scale.h"
#include "ops/traits.h"

namespace dimple::ops {

struct Multiply : NoAttributes {
  static constexpr const char* kName = "multiply";
  static constexpr uint16_t kNumber = 22;
  static constexpr int kInputs = 2;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr int kMultiplyAdds = 1;

  constexpr bool operator==(const Multiply&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    const bool every_pixel = in[1].height == in[0].height && in[1].width == in[0].width;
    const bool one_pixel = in[1].height == 1 && in[1].width == 1;
    return (every_pixel || one_pixel) && (in[1].channels == in[0].channels || in[1].channels == 1);
  }
  constexpr Parameters parameters(const Shape*) const { return {.scales = 1}; }
  template <class Append>
  constexpr void plan_scales(const Shape*, const RealScales& scales, Append&& append) const {
    append(make_fixed_scale(double{scales.in[0]} * scales.in[1] / scales.out));
  }
};

}  // namespace dimple::ops
