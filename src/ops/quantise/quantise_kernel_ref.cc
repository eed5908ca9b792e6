// Rounded to nearest, halves upwards, without a C library.
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/quantise/quantise.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

// Within what fits 32 bits and far beyond all codes; NaN fails every comparison and becomes the lowest.
int32_t round_half_up(float value) {
  constexpr float kFar = 65536.0f;
  if (!(value > -kFar)) return -65536;
  if (value > kFar) return 65536;
  const int32_t whole = static_cast<int32_t>(value);     // towards zero
  const float rest = value - static_cast<float>(whole);  // exact
  return rest >= 0.5f ? whole + 1 : rest < -0.5f ? whole - 1 : whole;
}

}  // namespace

extern "C" void quantise_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& out = call->out;
  const auto* from = static_cast<const float*>(call->in[0].data);
  auto* to = static_cast<int8_t*>(out.data);
  const Range elements = elements_of(call->out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i)
    to[i] = to_s8(round_half_up(from[i] / out.scale) + out.zero_point);
}
