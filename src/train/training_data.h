// The data of a training: loaded, split by its protocol, and checked.
#pragma once
#include "data/dataset.h"
#include "host/task.h"
#include "train/request.h"

namespace dimple::train {

// Throws host::Error: Exit::usage when no data is named, Exit::gate for a split that leaks (unless it is forced), and
// whatever data::load_dataset throws.
data::Dataset load_training_data(const TrainRequest& request, const host::Task& task);

}  // namespace dimple::train
