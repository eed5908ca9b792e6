// Written to be read; never made faster. Every other variant must give these bits.
#include "base/fixed_point.h"
#include "ops/codebook.h"
#include "ops/dense/dense.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

// weight_at(unit, i) is weight i of all.
template <class F>
static void sum_units(const DimpleCall* call, F weight_at) {
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const int32_t inputs = elements_of(in);
  const auto* codes = static_cast<const int8_t*>(in.data);
  const auto* bias = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<int8_t*>(out.data);

  for (int32_t unit = 0; unit < out.channels; ++unit) {
    int32_t sum = bias[unit];
    for (int32_t i = 0; i < inputs; ++i) sum += (codes[i] - in.zero_point) * weight_at(unit, unit * inputs + i);
    const int32_t scaled = scale_rounded(sum, call->multiplier[unit], call->shift[unit]);
    to[unit] = to_s8(scaled + out.zero_point, call->clamp_low, call->clamp_high);
  }
}

extern "C" void dense_s8_ref(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  sum_units(call, [&](int32_t /*unit*/, int32_t i) { return static_cast<const int8_t*>(call->weight)[i]; });
}

static void sum_coded_units(const DimpleCall* call, int32_t bits) {
  sum_units(call, [&](int32_t unit, int32_t i) {
    return codebook_of(*call, bits, unit)[code_at(call->weight, static_cast<uint32_t>(bits), static_cast<uint32_t>(i))];
  });
}

extern "C" void dense_s8_c4_ref(const DimpleCall* call, DimpleRange /*rows*/) { sum_coded_units(call, 4); }
extern "C" void dense_s8_c5_ref(const DimpleCall* call, DimpleRange /*rows*/) { sum_coded_units(call, 5); }

extern "C" void dense_f32_ref(const DimpleCall* call, DimpleRange /*rows: there is one*/) {
  const DimpleTensor& out = call->out;
  const int32_t inputs = elements_of(call->in[0]);
  const auto* values = static_cast<const float*>(call->in[0].data);
  const auto* weight = static_cast<const float*>(call->weight);
  const auto* bias = static_cast<const float*>(call->bias);
  auto* to = static_cast<float*>(out.data);

  for (int32_t unit = 0; unit < out.channels; ++unit, weight += inputs) {
    float sum = bias[unit];
    for (int32_t i = 0; i < inputs; ++i) sum += values[i] * weight[i];
    to[unit] = clamp(sum, call->clamp_low_f32, call->clamp_high_f32);
  }
}
