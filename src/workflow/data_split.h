// dimple data split: people stay on one side, pictures that are for tests only are tested.
#pragma once
#include <string>
#include <vector>

#include "workflow/data.h"

namespace dimple::workflow {

// Writes the split or, with `folds`, a split for each fold: the files. `set` is split like the file; with folds it
// stays as it was.
std::vector<std::string> split_data(const DataRequest& request, data::Dataset& set);

}  // namespace dimple::workflow
