// max(x, 0). Integer form: the same scale on both sides, so it is a clamp at the zero point
// (ops/activation.h), as it is in float.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Relu : KeepsShape {
  static constexpr const char* kName = "relu";
  static constexpr Activation kActivation = Activation::relu;
  static constexpr IntegerForm kInteger = IntegerForm::same_codes;

  constexpr bool operator==(const Relu&) const = default;
};

}  // namespace dimple::ops
