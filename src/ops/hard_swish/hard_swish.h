// x * hard_sigmoid(x), that is x * min(max(x + 3, 0), 6) / 6. Integer form: a table of codes (ops/look_up.h); it is no
// clamp, and does not even grow everywhere.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct HardSwish : Mapping {
  static constexpr const char* kName = "hard_swish";

  constexpr bool operator==(const HardSwish&) const = default;
};

}  // namespace dimple::ops
