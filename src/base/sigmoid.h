// 1 / (1 + e^-x) where there is no libm: within 2e-7 of the true value (ops/sigmoid/sigmoid_test.cc).
#pragma once
#include "base/exp.h"

namespace dimple {

inline float sigmoid_f32(float x) { return 1.0f / (1.0f + exp_f32(-x)); }

}  // namespace dimple
