// What a training starts from: its data, loaded, split by its protocol and checked, and a net with weights, random or
// from a file.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "host/task.h"
#include "ir/graph.h"
#include "model/transfer.h"
#include "train/request.h"

namespace dimple::train {

// Throws host::Error: Exit::usage when no data is named, Exit::gate for a split that leaks (unless it is forced), and
// whatever data::load_dataset throws.
data::Dataset load_training_data(const TrainRequest& request, const host::Task& task);

// data.lock.json of a run folder: checksums of what the weights follow from beside the recipe. A training is resumed
// only with the data and the teacher that it began with.
void write_data_lock(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request,
                     const std::string& init_sha256);

// Throws host::Error(Exit::input) for other data, another split or another teacher. Returns the checksum of the file of
// weights that the training began with, or "".
std::string check_data_lock(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request);

// Throws host::Error for an unknown architecture or an unreadable model file; needs no data.
void check_network(const Recipe& recipe);

struct InitialNet {
  ir::Graph graph;
  std::optional<model::TransferReport> transfer;  // with --init
  std::string init_sha256;                        // of that file, or of the model file that is the architecture
};

// With random weights. Throws host::Error(Exit::usage) for an architecture or a change of it that does not exist.
InitialNet make_initial_net(const Recipe& recipe, const data::Dataset& set);

// The weights of recipe.init, if it names a file; says what fitted.
void load_initial_weights(InitialNet& net, const Recipe& recipe, const host::Task& task);

}  // namespace dimple::train
