// The identity. In place there is nothing to do.
#include "ops/dropout/dropout.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

// A plain loop: unlike memcpy it is at ease with tensors that overlap in part.
template <class T>
void copy(const DimpleCall& call) {
  if (call.out.data == call.in[0].data) return;
  const auto* from = static_cast<const T*>(call.in[0].data);
  auto* to = static_cast<T*>(call.out.data);
  for (int32_t i = 0; i < elements_of(call.out); ++i) to[i] = from[i];
}

}  // namespace

extern "C" void dropout_s8_ref(const DimpleCall* call) { copy<int8_t>(*call); }

extern "C" void dropout_f32_ref(const DimpleCall* call) { copy<float>(*call); }
