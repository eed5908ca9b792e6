// The C call (ops/call.h) as the kernels see it.
#pragma once
#include "base/span.h"
#include "ops/activation.h"
#include "ops/call.h"
#include "ops/shape.h"

namespace dimple::ops {

using Tensor = DimpleTensor;
using Call = DimpleCall;
using Kernel = void (*)(const DimpleCall*);

template <class Attributes>
const Attributes& attributes_of(const Call& call) {
  return *static_cast<const Attributes*>(call.attributes);
}

constexpr int32_t elements_of(const Tensor& t) { return t.height * t.width * t.channels; }

// What a kernel is given beside its tensors.
struct StepFacts {
  const void *attributes = nullptr, *weight = nullptr, *bias = nullptr;
  const int32_t *multiplier = nullptr, *shift = nullptr;
  Clamps clamps;
  void* scratch = nullptr;
};

// The one place that fills in a call; generated C writes the same fields (export/c).
constexpr Call make_call(Span<const Tensor> in, const Tensor& out, const StepFacts& step) {
  Call call{};
  for (size_t i = 0; i < in.size(); ++i) call.in[i] = in[i];
  call.out = out;
  call.attributes = step.attributes;
  call.weight = step.weight;
  call.bias = step.bias;
  call.multiplier = step.multiplier;
  call.shift = step.shift;
  call.clamp_low = step.clamps.low;
  call.clamp_high = step.clamps.high;
  call.clamp_low_f32 = step.clamps.low_f32;
  call.clamp_high_f32 = step.clamps.high_f32;
  call.scratch = step.scratch;
  return call;
}

}  // namespace dimple::ops
