// Layers of an integer graph that stay float.
//
//   a(s8) -> layer(s8) -> b(s8)   =>   a(s8) -> dequantise -> layer(f32) -> quantise -> b(s8)
//
// Between two kept layers nothing is rounded; what reads both kinds of a value has both, made once each. The codes of
// all other values, weights and biases stay what they are.
#pragma once
#include <string>
#include <vector>

#include "ir/graph.h"

namespace dimple::compile {

// Throws host::Error(Exit::usage) for a name that is no node of the `optimised` graph: one that was taken in by another
// node of the `trained` one is said to be, what runs in float anyway too.
void check_kept(const ir::Graph& trained, const ir::Graph& optimised, const std::vector<std::string>& names);

// `real` and `integer` have the same nodes. Throws host::Error(Exit::usage) for a layer that hands signs (b1) to one
// that is not kept, or reads them from one.
ir::Graph keep_float(const ir::Graph& real, const ir::Graph& integer, const std::vector<std::string>& names);

}  // namespace dimple::compile
