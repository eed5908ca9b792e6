// A function as a table over all codes, worked out in double ahead of time (see ops/look_up.h).
#pragma once
#include <algorithm>
#include <cmath>

#include "ir/call_plan.h"

namespace dimple::ir {

// For each code of the input, lowest first, the nearest code of f's value on the output's scale; halves go upwards.
template <class F>
std::vector<int8_t> make_code_table(const ScaleInputs& types, F f) {
  const ValueType &in = types.in[0], &out = types.out;
  std::vector<int8_t> table;
  for (int code = -128; code < 128; ++code) {
    const double real = f(double{in.scale} * (code - in.zero_point));
    const double nearest = std::floor(real / double{out.scale} + 0.5) + out.zero_point;
    table.push_back(static_cast<int8_t>(std::clamp(nearest, -128.0, 127.0)));
  }
  return table;
}

}  // namespace dimple::ir
