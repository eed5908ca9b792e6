// Float to s8: code = clamp(round(x / scale) + zero_point), halves upwards, NaN as the lowest
// code; scale and zero point are those of the output.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Quantise : NoAttributes {
  static constexpr const char* kName = "quantise";
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::converts;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr DType kReads = DType::f32, kWrites = DType::s8;

  constexpr bool operator==(const Quantise&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
};

}  // namespace dimple::ops
