// Runs a graph node by node with the reference kernels: slow, plain, and what every other executor is held against.
#pragma once
#include <vector>

#include "ir/graph.h"

namespace dimple::ir {

// `input` has the graph's input type. The result holds every value: [0] the input, [i + 1] what node i put out.
std::vector<Tensor> evaluate(const Graph&, const Tensor& input);

}  // namespace dimple::ir
