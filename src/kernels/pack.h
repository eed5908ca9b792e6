// From the graph's own order of weights to the layout that a kernel wants (format/layout.h).
#pragma once
#include "format/layout.h"

namespace dimple::kernels {

// `to` has packed_bytes(layout, weight) bytes and lies apart from `from`. Not for plain.
void pack(format::Layout layout, const ops::Dims& weight, const void* from, void* to);

}  // namespace dimple::kernels
