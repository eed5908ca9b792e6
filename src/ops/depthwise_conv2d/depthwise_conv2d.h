// Depthwise 2-D convolution: each channel with a filter of its own. Weight [kernel_h][kernel_w][channels], one bias
// per channel.
//
// Integer form: s8 in and out, s8 weight (zero point 0); per channel a s32 bias on the scale in.scale * weight_scale
// and a multiplier * 2^-shift = in.scale * weight_scale / out.scale (make_fixed_scale in ops/fixed_scale.h):
//   out = clamp(scale_rounded(bias + sum of (in - zero_in) * weight) + zero_out)
// Padding adds nothing, as if it were zero_in. The sum, bias included, must stay below 2^31 for every input
// (sum_fits in ops/shape.h): a program that breaks this is refused.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct DepthwiseConv2d {
  static constexpr const char* kName = "depthwise_conv2d";
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kLinear = true;

  Window window;
  Activation activation = Activation::none;

  constexpr bool operator==(const DepthwiseConv2d&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    Window::visit(self.window, f);
    f("activation", self.activation);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    out.channels = in[0].channels;
    return window.slide(in[0], out);
  }
  constexpr bool passes_constants() const { return !window.padded(); }
  constexpr Parameters parameters(const Shape* in) const {
    return {.weight = {{Axis::row, window.kernel_h}, {Axis::column, window.kernel_w}, {Axis::out, in[0].channels}},
            .bias = in[0].channels,
            .scales = in[0].channels};
  }
};

}  // namespace dimple::ops
