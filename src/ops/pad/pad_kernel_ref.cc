// Rows in order: a row of padding, or left, what stays of the picture, right.
#include "base/fixed_point.h"
#include "ops/kernel_call.h"
#include "ops/pad/pad.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

template <class T>
T* fill(T* to, int32_t count, T value) {
  for (int32_t i = 0; i < count; ++i) *to++ = value;
  return to;
}

template <class T>
void pad(const DimpleCall& call, Range rows, T zero) {
  const Pad& op = attributes_of<Pad>(call);
  const DimpleTensor& in = call.in[0];
  const DimpleTensor& out = call.out;
  const int32_t first = max_of<int32_t>(0, -op.left), kept = in.width - first + min_of<int32_t>(0, op.right);
  auto* to = static_cast<T*>(out.data) + elements_of(out, rows).first;

  for (int32_t y = rows.first; y < rows.last; ++y) {
    const int32_t row = y - op.top;
    if (row < 0 || row >= in.height) {
      to = fill(to, out.width * out.channels, zero);
      continue;
    }
    to = fill(to, op.left * in.channels, zero);  // nothing, when the side is negative
    const T* from = static_cast<const T*>(in.data) + (row * in.width + first) * in.channels;
    for (int32_t i = 0; i < kept * in.channels; ++i) *to++ = *from++;
    to = fill(to, op.right * in.channels, zero);
  }
}

}  // namespace

extern "C" void pad_s8_ref(const DimpleCall* call, DimpleRange rows) {
  pad<int8_t>(*call, rows, to_s8(call->in[0].zero_point));
}

extern "C" void pad_f32_ref(const DimpleCall* call, DimpleRange rows) { pad<float>(*call, rows, 0.0f); }
