// The net that a training begins with: an architecture as the recipe wants it, and weights, random or from a file.
#pragma once
#include <optional>
#include <string>

#include "data/dataset.h"
#include "host/task.h"
#include "ir/graph.h"
#include "model/transfer.h"
#include "train/recipe.h"

namespace dimple::train {

struct InitialNet {
  ir::Graph graph;
  std::optional<model::TransferReport> transfer;  // with --init
  std::string init_sha256;                        // of that file
};

// With random weights. Throws host::Error(Exit::usage) for an architecture or a change of it that does not exist.
InitialNet make_initial_net(const Recipe& recipe, const data::Dataset& set);

// The weights of recipe.init, if it names a file; says what fitted.
void load_initial_weights(InitialNet& net, const Recipe& recipe, const host::Task& task);

}  // namespace dimple::train
