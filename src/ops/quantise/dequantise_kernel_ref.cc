// The difference fits 9 bits, so it is exact as a float and the product is rounded once.
#include "ops/kernel_call.h"
#include "ops/quantise/quantise.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void dequantise_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& in = call->in[0];
  const auto* from = static_cast<const int8_t*>(in.data);
  auto* to = static_cast<float*>(call->out.data);
  const Range elements = elements_of(call->out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i)
    to[i] = in.scale * static_cast<float>(from[i] - in.zero_point);
}
