// Element-wise sum of two tensors of one shape, then the activation.
//
// Integer form: multiplier[i] * 2^-shift is in[i].scale / out.scale, with one shift for both (shift[1] = shift[0]), so
// that the sum is exact and is rounded once (make_add_scales in add_scales.h computes them):
//   out = clamp(((in0 - zero0) * multiplier[0] + (in1 - zero1) * multiplier[1] + 2^(shift-1)) >> shift) + zero_out
// |in - zero| <= 255 and 0 <= multiplier < 2^31, so the sum of products stays below 2^40, and with the rounding term
// below 2^62: no 64-bit overflow.
#pragma once
#include "ops/add/add_scales.h"
#include "ops/traits.h"

namespace dimple::ops {

struct Add {
  static constexpr const char* kName = "add";
  static constexpr uint16_t kNumber = 7;
  static constexpr int kInputs = 2;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr Identity kIdentity = Identity::never;

  Activation activation = Activation::none;

  constexpr bool operator==(const Add&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("activation", self.activation);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return in[0] == in[1];
  }
  constexpr Parameters parameters(const Shape*) const { return {.scales = 2}; }
  template <class Append>
  constexpr void plan_scales(const Shape*, const RealScales& scales, Append&& append) const {
    const AddScales s = make_add_scales(scales.in[0], scales.in[1], scales.out);
    for (int i = 0; i < 2; ++i) append(FixedScale{s.multiplier[i], s.shift[i]});
  }
};

}  // namespace dimple::ops
