// An activation is a clamp: kernels know nothing but two bounds, and what fills in a call takes them from here.
#pragma once
#include "base/fixed_point.h"
#include "ops/traits.h"

namespace dimple::ops {

struct ClampCodes {
  int32_t low = -128, high = 127;
};

// The codes of 0 and 6 on the output's scale, within s8. The scale is positive.
constexpr ClampCodes clamp_codes(Activation activation, float out_scale, int32_t out_zero_point) {
  ClampCodes c;
  if (activation != Activation::none) c.low = clamp<int32_t>(out_zero_point, -128, 127);
  if (activation == Activation::relu6) {
    const float six = 6.0f / out_scale;  // may be beyond any code
    c.high = six >= 255.0f ? 127 : clamp<int32_t>(out_zero_point + static_cast<int32_t>(six + 0.5f), -128, 127);
  }
  return c;
}

struct ClampFloats {
  float low = -__builtin_inff(), high = __builtin_inff();
};

constexpr ClampFloats clamp_floats(Activation activation) {
  ClampFloats c;
  if (activation != Activation::none) c.low = 0.0f;
  if (activation == Activation::relu6) c.high = 6.0f;
  return c;
}

// Both, as a step holds them: codes for integer kernels, floats for the others.
struct Clamps {
  int32_t low = -128, high = 127;
  float low_f32 = ClampFloats{}.low, high_f32 = ClampFloats{}.high;

  constexpr bool operator==(const Clamps&) const = default;
};

// Of an output in floats, and of one in codes.
constexpr Clamps clamps_of(Activation activation) {
  return {.low_f32 = clamp_floats(activation).low, .high_f32 = clamp_floats(activation).high};
}
constexpr Clamps clamps_of(Activation activation, float out_scale, int32_t out_zero_point) {
  Clamps c = clamps_of(activation);
  c.low = clamp_codes(activation, out_scale, out_zero_point).low;
  c.high = clamp_codes(activation, out_scale, out_zero_point).high;
  return c;
}

}  // namespace dimple::ops
