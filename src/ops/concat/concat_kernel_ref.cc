// Written to be read; never made faster.
#include "base/fixed_point.h"
#include "ops/concat/concat.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

// Calls f(input, from, to) for each element of these rows: its place in that input and in the output.
template <class F>
void for_elements(const DimpleCall& call, Range rows, F f) {
  const DimpleTensor& out = call.out;
  const Range pixels = pixels_of(out, rows);
  int32_t first = 0;  // channel of the output
  for (int32_t input = 0; input < attributes_of<Concat>(call).inputs; ++input) {
    const int32_t channels = call.in[input].channels;
    for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel)
      for (int32_t c = 0; c < channels; ++c) f(input, pixel * channels + c, pixel * out.channels + first + c);
    first += channels;
  }
}

}  // namespace

extern "C" void concat_s8_ref(const DimpleCall* call, DimpleRange rows) {
  auto* codes = static_cast<int8_t*>(call->out.data);
  for_elements(*call, rows, [&](int32_t input, int32_t from, int32_t to) {
    const DimpleTensor& in = call->in[input];
    const int32_t x = static_cast<const int8_t*>(in.data)[from] - in.zero_point;
    codes[to] = to_s8(scale_rounded(x, call->multiplier[input], call->shift[input]) + call->out.zero_point,
                      call->clamp_low, call->clamp_high);
  });
}

extern "C" void concat_f32_ref(const DimpleCall* call, DimpleRange rows) {
  auto* values = static_cast<float*>(call->out.data);
  for_elements(*call, rows, [&](int32_t input, int32_t from, int32_t to) {
    values[to] = static_cast<const float*>(call->in[input].data)[from];
  });
}
