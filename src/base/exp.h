// e^x, and what is made of it, where there is no libm.
//
// x = k ln 2 + r with |r| <= ln2 / 2, so e^x = 2^k e^r; e^r by its Taylor polynomial of degree 7, whose first
// omitted term is below (0.347)^8 / 8! < 6e-9, under half a unit in the last place of a float near 1.
#pragma once
#include "base/memory.h"

namespace dimple {

inline float exp_f32(float x) {
  if (!(x > -87.0f)) return 0.0f;  // also NaN: a softmax of NaN must not become an index or a loop bound
  if (x > 88.0f) x = 88.0f;
  const float scaled = x * 1.44269504f;
  const int32_t k = static_cast<int32_t>(scaled + (scaled >= 0 ? 0.5f : -0.5f));
  const float fk = static_cast<float>(k);
  const float r = (x - fk * 0.693359375f) + fk * 2.12194440e-4f;  // ln 2 in two pieces, the first exact in 9 bits
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * bit_cast<float>((k + 127) << 23);
}

// 1 / (1 + e^-x), within 2e-7 of the true value (ops/sigmoid/sigmoid_test.cc).
inline float sigmoid_f32(float x) { return 1.0f / (1.0f + exp_f32(-x)); }

}  // namespace dimple
