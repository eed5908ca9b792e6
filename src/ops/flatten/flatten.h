// All elements as one row of channels, in NHWC order. Moves nothing.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Flatten : NoAttributes {
  static constexpr const char* kName = "flatten";
  static constexpr uint16_t kNumber = 11;
  static constexpr int kInputs = 1;
  static constexpr bool kInPlace = true;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::flattened;
  static constexpr Identity kIdentity = Identity::but_for_shape;

  constexpr bool operator==(const Flatten&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = {1, 1, static_cast<int32_t>(in[0].elements())};
    return true;
  }
};

}  // namespace dimple::ops
