// Written to be read; never made faster. Works in place on an input of the output's shape.
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/multiply/multiply.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

// Calls f(i, j) for each element i of these rows of the output and the element j of the second input that belongs to it.
template <class F>
void for_pairs(const DimpleCall& call, Range rows, F f) {
  const DimpleTensor& out = call.out;
  const DimpleTensor& factor = call.in[1];
  const bool one_pixel = factor.height * factor.width == 1;
  const bool one_channel = factor.channels == 1;
  const Range pixels = pixels_of(out, rows);
  int32_t i = pixels.first * out.channels;
  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel)
    for (int32_t c = 0; c < out.channels; ++c, ++i)
      f(i, (one_pixel ? 0 : pixel) * factor.channels + (one_channel ? 0 : c));
}

}  // namespace

extern "C" void multiply_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& in0 = call->in[0];
  const DimpleTensor& in1 = call->in[1];
  const auto* a = static_cast<const int8_t*>(in0.data);
  const auto* b = static_cast<const int8_t*>(in1.data);
  auto* to = static_cast<int8_t*>(call->out.data);
  for_pairs(*call, rows, [&](int32_t i, int32_t j) {
    const int32_t product = (a[i] - in0.zero_point) * (b[j] - in1.zero_point);
    to[i] = to_s8(scale_rounded(product, call->multiplier[0], call->shift[0]) + call->out.zero_point, call->clamp_low,
                  call->clamp_high);
  });
}

extern "C" void multiply_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const auto* a = static_cast<const float*>(call->in[0].data);
  const auto* b = static_cast<const float*>(call->in[1].data);
  auto* to = static_cast<float*>(call->out.data);
  for_pairs(*call, rows, [&](int32_t i, int32_t j) { to[i] = a[i] * b[j]; });
}
