// 2-D convolution. Weight [out_channels][kernel_h][kernel_w][in_channels], one bias per output channel.
//
// Integer form: s8 in and out, s8 weight (zero point 0); per output channel a s32 bias on the scale in.scale *
// weight_scale and a multiplier * 2^-shift = in.scale * weight_scale / out.scale (make_fixed_scale in
// ops/fixed_scale.h):
//   out = clamp(scale_rounded(bias + sum of (in - zero_in) * weight) + zero_out)
// Padding adds nothing, as if it were zero_in. The sum, bias included, must stay below 2^31 for every input
// (sum_fits in ops/shape.h): a program that breaks this is refused.
//
// Binary forms: the weight is bits, +1 and -1, in the order above; the input codes, or bits of channels in multiples of 32.
// The rest is as above.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Conv2d {
  static constexpr const char* kName = "conv2d";
  static constexpr uint16_t kNumber = 1;
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::scales;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kLinear = true;
  static constexpr bool kBinary = true;
  static constexpr bool kCoded = true;

  int32_t out_channels = 0;
  Window window;
  Activation activation = Activation::none;

  constexpr bool operator==(const Conv2d&) const = default;

  template <class Self, class F>
  static constexpr void visit(Self& self, F&& f) {
    f("out_channels", self.out_channels);
    Window::visit(self.window, f);
    f("activation", self.activation);
  }

  constexpr bool shape(const Shape* in, Shape& out) const {
    out.channels = out_channels;
    return window.slide(in[0], out);
  }
  constexpr bool passes_constants() const { return !window.padded(); }
  constexpr Parameters parameters(const Shape* in) const {
    return {.weight = {{Axis::out, out_channels},
                       {Axis::row, window.kernel_h},
                       {Axis::column, window.kernel_w},
                       {Axis::in, in[0].channels}},
            .bias = out_channels,
            .scales = out_channels};
  }
};

}  // namespace dimple::ops
