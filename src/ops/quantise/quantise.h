// Between floats and s8 codes.
#pragma once
#include "ops/traits.h"

namespace dimple::ops {

// Float to s8 with the output's scale: code = clamp(round(x / scale) + zero_point), halves upwards, NaN as the lowest.
struct Quantise : NoAttributes {
  static constexpr const char* kName = "quantise";
  static constexpr uint16_t kNumber = 15;
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

// s8 to float: x = scale * (code - zero_point); scale and zero point are those of the input.
// Its output is four times as large, so it cannot work in place.
struct Dequantise : NoAttributes {
  static constexpr const char* kName = "dequantise";
  static constexpr uint16_t kNumber = 16;
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
