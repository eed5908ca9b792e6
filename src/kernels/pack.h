// From the graph's own order of weights to the layout that a kernel wants (format/layout.h).
#pragma once
#include "format/layout.h"
#include "ops/kernel_call.h"

namespace dimple::kernels {

// Packs call.weight, which has these axes; bias, scales and zero points are the call's. `to` has packed_bytes(layout,
// weight) bytes and lies apart from them. Not for plain.
void pack(format::Layout layout, const ops::Dims& weight, const ops::Call& call, void* to);

}  // namespace dimple::kernels
