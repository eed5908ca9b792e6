// Clamps of activations: from below, or from both sides. Integer form: the same
// scale on both sides of the operator, so that it is a clamp (ops/activation.h), as it is in float.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

// max(x, 0)
struct Relu : KeepsShape {
  static constexpr const char* kName = "relu";
  static constexpr uint16_t kNumber = 5;
  static constexpr Activation kActivation = Activation::relu;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;
  static constexpr bool kKeepsFactors = true;

  constexpr bool operator==(const Relu&) const = default;
};

// min(max(x, 0), 6)
struct Relu6 : KeepsShape {
  static constexpr const char* kName = "relu6";
  static constexpr uint16_t kNumber = 6;
  static constexpr Activation kActivation = Activation::relu6;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;
  static constexpr ChannelRule kChannels = ChannelRule::apart;

  constexpr bool operator==(const Relu6&) const = default;
};

}  // namespace dimple::ops
