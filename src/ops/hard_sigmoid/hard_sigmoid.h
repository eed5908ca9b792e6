// min(max(x + 3, 0), 6) / 6: a sigmoid of straight lines. Integer form: a table of codes (ops/look_up.h).
#pragma once
#include "base/fixed_point.h"
#include "ops/traits.h"

namespace dimple::ops {

// In float for the kernel, in double for the table.
template <class Real>
constexpr Real hard_sigmoid(Real x) {
  return clamp<Real>(x + 3, 0, 6) / 6;
}

struct HardSigmoid : Mapping {
  static constexpr const char* kName = "hard_sigmoid";
  static constexpr uint16_t kNumber = 18;

  constexpr bool operator==(const HardSigmoid&) const = default;
  static constexpr double value_at(double x) { return hard_sigmoid(x); }
};

}  // namespace dimple::ops
