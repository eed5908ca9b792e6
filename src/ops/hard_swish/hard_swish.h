// x * hard_sigmoid(x), that is x * min(max(x + 3, 0), 6) / 6. Integer form: a table of codes (ops/look_up.h); it is no
// clamp, and does not even grow everywhere.
#pragma once
#include "ops/hard_sigmoid/hard_sigmoid.h"

namespace dimple::ops {

struct HardSwish : Mapping {
  static constexpr const char* kName = "hard_swish";
  static constexpr uint16_t kNumber = 17;

  constexpr bool operator==(const HardSwish&) const = default;

  static constexpr double value_at(double x) { return x * hard_sigmoid(x); }
};

}  // namespace dimple::ops
