// The C call (ops/call.h) as the kernels see it.
#pragma once
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

}  // namespace dimple::ops
