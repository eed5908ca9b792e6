// s8 to float: x = scale * (code - zero_point); scale and zero point are those of the input.
// Its output is four times as large, so it cannot work in place.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

struct Dequantise : NoAttributes {
  static constexpr const char* kName = "dequantise";
  static constexpr int kInputs = 1;
  static constexpr IntegerForm kInteger = IntegerForm::converts;
  static constexpr Identity kIdentity = Identity::never;
  static constexpr DType kReads = DType::s8, kWrites = DType::f32;

  constexpr bool operator==(const Dequantise&) const = default;

  constexpr bool shape(const Shape* in, Shape& out) const {
    out = in[0];
    return true;
  }
};

}  // namespace dimple::ops
