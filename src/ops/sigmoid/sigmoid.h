// Sigmoids and what is gated by them: functions of one number that are no clamps. Integer form: a table of
// codes (ops/look_up.h).
#pragma once
#include "base/fixed_point.h"
#include "ops/traits.h"

namespace dimple::ops {

// 1 / (1 + e^-x).
struct Sigmoid : Mapping {
  static constexpr const char* kName = "sigmoid";
  static constexpr uint16_t kNumber = 19;

  constexpr bool operator==(const Sigmoid&) const = default;
  static double value_at(double x) { return 1 / (1 + __builtin_exp(-x)); }
};

// x * sigmoid(x), also called SiLU.
struct Swish : Mapping {
  static constexpr const char* kName = "swish";
  static constexpr uint16_t kNumber = 20;

  constexpr bool operator==(const Swish&) const = default;
  static double value_at(double x) { return x / (1 + __builtin_exp(-x)); }
};

// In float for the kernel, in double for the table.
template <class Real>
constexpr Real hard_sigmoid(Real x) {
  return clamp<Real>(x + 3, 0, 6) / 6;
}

// min(max(x + 3, 0), 6) / 6: a sigmoid of straight lines.
struct HardSigmoid : Mapping {
  static constexpr const char* kName = "hard_sigmoid";
  static constexpr uint16_t kNumber = 18;

  constexpr bool operator==(const HardSigmoid&) const = default;
  static constexpr double value_at(double x) { return hard_sigmoid(x); }
};

// x * hard_sigmoid(x), that is x * min(max(x + 3, 0), 6) / 6.
// It does not even grow everywhere.
struct HardSwish : Mapping {
  static constexpr const char* kName = "hard_swish";
  static constexpr uint16_t kNumber = 17;

  constexpr bool operator==(const HardSwish&) const = default;
  static constexpr double value_at(double x) { return x * hard_sigmoid(x); }
};

}  // namespace dimple::ops
