// What a graph costs at other widths, without cutting it.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "ir/graph.h"

namespace dimple::edit {

// How many channels each value has, the input's first.
using Widths = std::vector<int32_t>;
Widths widths_of(const ir::Graph&);

using CostOfGraph = std::function<double(const ir::Graph&)>;
using CostOfWidths = std::function<double(const Widths&)>;

// Multiply-adds, as ir::estimate_cost counts them.
CostOfWidths macs_at(const ir::Graph&);
// What an int8 form weighs: a byte for each weight, four for each bias. Batch norms are folded away by then.
CostOfWidths int8_bytes_at(const ir::Graph&);
// Any other cost. It is handed graphs without constants. Throws host::Error(Exit::usage) where it gives no number.
CostOfWidths cost_at(const ir::Graph&, CostOfGraph);

}  // namespace dimple::edit
