// From the graph's own order of weights to the layout that a kernel wants (format/layout.h).
#pragma once
#include "base/dtype.h"
#include "format/layout.h"
#include "ops/kernel_call.h"

namespace dimple::kernels {

// Packs call.weight, which has this type and these axes; bias, scales and zero points are the call's. Bits that a layout
// wants as codes become codes of 1 and -1. `to` has packed_bytes(layout, weight) bytes and lies apart from them. Not for
// plain.
void pack(format::Layout layout, DType type, const ops::Dims& weight, const ops::Call& call, void* to);

}  // namespace dimple::kernels
