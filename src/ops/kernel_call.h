// The C call (ops/call.h) as the kernels see it.
#pragma once
#include "base/span.h"
#include "ops/activation.h"
#include "ops/call.h"
#include "ops/shape.h"

namespace dimple::ops {

using Tensor = DimpleTensor;
using Call = DimpleCall;
using Range = DimpleRange;

// Writes these rows of the output and no others. Ranges that do not meet may run at the same time, where output and
// inputs lie apart.
using Kernel = void (*)(const DimpleCall*, DimpleRange rows);

template <class Attributes>
const Attributes& attributes_of(const Call& call) {
  return *static_cast<const Attributes*>(call.attributes);
}

constexpr int32_t elements_of(const Tensor& t) { return t.height * t.width * t.channels; }

constexpr Range all_rows(const Tensor& t) { return {0, t.height}; }
// The same in pixels and in elements.
constexpr Range pixels_of(const Tensor& t, Range rows) { return {rows.first * t.width, rows.last * t.width}; }
constexpr Range elements_of(const Tensor& t, Range rows) {
  const Range pixels = pixels_of(t, rows);
  return {pixels.first * t.channels, pixels.last * t.channels};
}

// What a kernel is given beside its tensors.
struct StepFacts {
  const void *attributes = nullptr, *weight = nullptr, *bias = nullptr;
  const int32_t *multiplier = nullptr, *shift = nullptr;
  Clamps clamps;
  void* scratch = nullptr;
  const int8_t* codebook = nullptr;
  int32_t codebook_channels = 0;
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
  call.codebook = step.codebook;
  call.codebook_channels = step.codebook_channels;
  return call;
}

}  // namespace dimple::ops
