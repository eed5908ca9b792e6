// 1 / (1 + e^-x). Integer form: a table of codes (ops/look_up.h).
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Sigmoid : Mapping {
  static constexpr const char* kName = "sigmoid";
  static constexpr uint16_t kNumber = 19;

  constexpr bool operator==(const Sigmoid&) const = default;
  static double value_at(double x) { return 1 / (1 + __builtin_exp(-x)); }
};

}  // namespace dimple::ops
