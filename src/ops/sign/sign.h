// +1 where x + shift is at least 0, -1 elsewhere, with one learned shift per channel: what a binary convolution reads.
//
// Integer form: s8 in, b1 out, of channels in multiples of 32. The bias holds a threshold for each channel instead of the
// shift, the first code that is +1: ceil(zero_in - shift / in.scale).
//
// Nothing of a sign can be learned from its slope, which is zero. Training takes the slope of a surrogate in its place
// (sign_torch.cc).
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Sign : KeepsShape {
  static constexpr const char* kName = "sign";
  static constexpr uint16_t kNumber = 28;
  static constexpr IntegerForm kInteger = IntegerForm::signs;

  constexpr bool operator==(const Sign&) const = default;

  constexpr Parameters parameters(const Shape* in) const { return {.bias = in[0].channels}; }
};

}  // namespace dimple::ops
