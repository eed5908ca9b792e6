// Fresh constants for a graph that has none: He-normal weights, zero biases, identity batch norms,
// slopes of a quarter.
#pragma once
#include <cstdint>

#include "ir/graph.h"

namespace dimple::ir {

// Fills in what is absent; the same seed gives the same bits on every machine.
void initialise(Graph&, uint64_t seed);

}  // namespace dimple::ir
