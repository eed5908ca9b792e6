// exp(x) / sum exp(x) over the channels of every pixel. Float only: integer programs end at the logits.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Softmax : KeepsShape {
  static constexpr const char* kName = "softmax";
  static constexpr IntegerForm kInteger = IntegerForm::none;

  constexpr bool operator==(const Softmax&) const = default;
};

}  // namespace dimple::ops
