// min(max(x, 0), 6). Integer form: the same scale on both sides, so it is a clamp
// (ops/activation.h), as it is in float.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Relu6 : KeepsShape {
  static constexpr const char* kName = "relu6";
  static constexpr Activation kActivation = Activation::relu6;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;

  constexpr bool operator==(const Relu6&) const = default;
};

}  // namespace dimple::ops
