// How far an operator's output may run over its own input while it is being computed.
#pragma once
#include <cstdint>
#include <optional>

#include "ir/graph.h"

namespace dimple::compile {

// The smallest distance d for which "output starts d bytes or more below the input" is safe; 0 for in place; nothing
// when the two must be kept apart.
std::optional<int64_t> overlap_distance(const ir::Op&, const ir::ValueType& in, const ir::ValueType& out);

}  // namespace dimple::compile
