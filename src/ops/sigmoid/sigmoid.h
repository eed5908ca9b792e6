// 1 / (1 + e^-x). Integer form: a table of codes (ops/look_up.h).
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Sigmoid : Mapping {
  static constexpr const char* kName = "sigmoid";

  constexpr bool operator==(const Sigmoid&) const = default;
};

}  // namespace dimple::ops
