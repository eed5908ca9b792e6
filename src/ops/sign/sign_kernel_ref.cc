#include "ops/kernel_call.h"
#include "ops/sign/sign.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void sign_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& out = call->out;
  const auto* from = static_cast<const float*>(call->in[0].data);
  const auto* shift = static_cast<const float*>(call->bias);
  auto* to = static_cast<float*>(out.data);
  const Range elements = elements_of(out, rows);
  for (int32_t i = elements.first; i < elements.last; ++i)
    to[i] = from[i] + shift[i % out.channels] >= 0 ? 1.0f : -1.0f;
}

extern "C" void sign_s8_ref(const DimpleCall* call, DimpleRange rows) {
  const DimpleTensor& out = call->out;
  const auto* from = static_cast<const int8_t*>(call->in[0].data);
  const auto* threshold = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<uint32_t*>(out.data);
  const Range elements = elements_of(out, rows);
  for (int32_t i = elements.first; i < elements.last; i += 32) {
    uint32_t word = 0;
    for (int32_t k = 0; k < 32; ++k)
      if (from[i + k] >= threshold[(i + k) % out.channels]) word |= uint32_t{1} << k;
    to[i / 32] = word;
  }
}
