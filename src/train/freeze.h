// Which layers stand still while a net that began with weights from elsewhere learns something new. A fresh last layer
// sends large and aimless gradients at first; a body that stands still meanwhile is not spoilt by them.
#pragma once
#include <vector>

#include "ir/graph.h"
#include "train/config.h"

namespace dimple::train {

// Per node, in epoch 0, 1, ...: --freeze none, body (all but the last layer with weights), head-first (the body, for
// --head-epochs). Throws host::Error(Exit::usage) for another word.
std::vector<bool> frozen_nodes(const ir::Graph& graph, const TrainConfig& config, int epoch);

}  // namespace dimple::train
