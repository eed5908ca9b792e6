// A graph as a table for people.
#pragma once
#include <string>

#include "ir/graph.h"

namespace dimple::ir {

// A line for each layer with weights and each sum: what it is, its window (and stride), how wide it is, what it puts out.
std::string print_layers(const Graph&);

}  // namespace dimple::ir
