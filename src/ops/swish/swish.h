// x * sigmoid(x), also called SiLU. Integer form: a table of codes (ops/look_up.h).
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Swish : Mapping {
  static constexpr const char* kName = "swish";

  constexpr bool operator==(const Swish&) const = default;
};

}  // namespace dimple::ops
