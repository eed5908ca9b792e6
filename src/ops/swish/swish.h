// x * sigmoid(x), also called SiLU. Integer form: a table of codes (ops/look_up.h).
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Swish : Mapping {
  static constexpr const char* kName = "swish";
  static constexpr uint16_t kNumber = 20;

  constexpr bool operator==(const Swish&) const = default;
  static double value_at(double x) { return x / (1 + __builtin_exp(-x)); }
};

}  // namespace dimple::ops
