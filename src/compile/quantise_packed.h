// What quantise_weights does not see: weights in few bits, which stay as they are, and thresholds.
#pragma once
#include "ir/graph.h"

namespace dimple::compile {

// Of a node whose weight is packed (ir/packed_weight.h): its codes, or bits, with a codebook in s8, scales and biases on
// them. Codes of 256 entries become s8 weights, which take no more room. Reads `real`; the values of `integer` are
// quantised already.
void quantise_packed_weights(const ir::Graph& real, const ir::Node& node, ir::Graph& integer);

// The shifts of a sign as thresholds on the codes that it reads.
void quantise_thresholds(const ir::Graph& real, const ir::Node& node, ir::Graph& integer);

}  // namespace dimple::compile
