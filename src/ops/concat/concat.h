// The channels of several inputs of one height and width, one after the other.
//
// Integer form: each input has its own scale, multiplier[i] * 2^-shift[i] = in[i].scale / out.scale (make_fixed_scale):
//   out = clamp(scale_rounded(in[i] - zero_in[i]) + zero_out)
// The alternative, one scale for all inputs, would be a plain copy, but it would coarsen a small input for every
// other node that reads it. An input on the output's own scale comes out as it went in, to the code.
#pragma once
#include "ops/fixed_scale.h"
#include "ops/traits.h"

namespace dimple::ops {

struct Concat {
  static constexpr const char* kName = "concat";
  static constexpr uint16_t kNumber = 23;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr ChannelRule kChannels = ChannelRule::in_a_row;
  static constexpr Identity kIdentity = Identity::never;

  int32_t inputs = 2;

  constexpr bool operator==(const Concat&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("inputs", self.inputs);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    if (inputs < 2 || inputs > kMaxInputs) return false;
    out = {in[0].height, in[0].width, 0};
    for (int i = 0; i < inputs; ++i) {
      if (in[i].height != out.height || in[i].width != out.width || in[i].channels > kMaxExtent) return false;
      out.channels += in[i].channels;
    }
    return true;
  }
  constexpr bool passes_constants() const { return true; }
  constexpr Parameters parameters(const Shape*) const { return {.scales = inputs}; }
  template <class Append>
  constexpr void plan_scales(const Shape*, const RealScales& scales, Append&& append) const {
    for (const float in : scales.in) append(make_fixed_scale(double{in} / scales.out));
  }
};

}  // namespace dimple::ops
