// Which layers keep their weights while a net that began with weights from elsewhere learns something new. A new last
// layer sends large, random gradients at first, which would spoil the layers before it.
#pragma once
#include <vector>

#include "ir/graph.h"
#include "train/recipe.h"

namespace dimple::train {

// Per node, in epoch 0, 1, ...: --freeze none, body (all but the last layer with weights), head-first (the body, for
// --head-epochs). Throws host::Error(Exit::usage) for another word.
std::vector<bool> frozen_nodes(const ir::Graph& graph, const Recipe& recipe, int epoch);

}  // namespace dimple::train
