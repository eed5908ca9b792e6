// A graph as a planned program: order fixed, every buffer at its place, every scale a fixed-point number.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "compile/liveness.h"
#include "ir/graph.h"

namespace dimple::compile {

// The bytes of a program file (format/program.h), f32 or s8 as the graph is. A graph that ends in scores gets its
// probabilities first (end_in_probabilities). `metadata` is JSON for hosts: labels, preprocessing, name.
// Throws host::Error(Exit::model) for a graph that is invalid, too large for the format, or has no kernel.
std::vector<uint8_t> plan(const ir::Graph&, std::string_view metadata = "{}", const SharingOptions& = {});

}  // namespace dimple::compile
