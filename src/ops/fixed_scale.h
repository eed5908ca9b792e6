// From a real factor to the multiplier and shift that integer kernels use. Ahead of time, on the host: this and value_at
// (ops/traits.h) are the only double arithmetic below the line, and no device code calls them.
#pragma once
#include "base/fixed_point.h"

namespace dimple::ops {

// real = multiplier * 2^-shift as near as can be, multiplier in [2^30, 2^31). Below 2^-32 the multiplier gets smaller
// (down to 0) since shifts end at 62; from 2^30 up, where no sensible network lies, it is the largest there is.
constexpr FixedScale make_fixed_scale(double real) {
  if (!(real > 0)) return {0, 31};
  int32_t shift = 31;
  double scaled = real * 2147483648.0;  // 2^31; the loops below only double and halve, which is exact
  for (; scaled < 1073741824.0 && shift < 62; ++shift) scaled *= 2;
  for (; scaled >= 2147483647.5 && shift > 1; --shift) scaled /= 2;
  if (scaled >= 2147483647.5) return {INT32_MAX, 1};
  return {static_cast<int32_t>(scaled + 0.5), shift};
}

}  // namespace dimple::ops
