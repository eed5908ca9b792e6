// data.lock.json of a run folder: checksums of what the weights follow from beside the recipe. A training is resumed
// only with the data and the teacher that it began with.
#pragma once
#include <filesystem>
#include <string>

#include "data/dataset.h"
#include "train/request.h"

namespace dimple::train {

void write_data_lock(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request,
                     const std::string& init_sha256);

// Throws host::Error(Exit::input) for other data, another split or another teacher. Returns the checksum of the file of
// weights that the training began with, or "".
std::string check_data_lock(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request);

}  // namespace dimple::train
