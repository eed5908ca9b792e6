// The largest channel of each pixel: H x W x C becomes H x W x 1. Integer form: the same scale and zero point on both
// sides.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct ChannelMax : NoAttributes {
  static constexpr const char* kName = "channel_max";
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr bool kSelects = true;

  constexpr bool operator==(const ChannelMax&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {in[0].height, in[0].width, 1};
    return true;
  }
};

}  // namespace dimple::ops
