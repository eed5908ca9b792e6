// What `dimple data` writes: a run folder, splits.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "workflow/data.h"

namespace dimple::workflow {

// summary.json, classes.svg, quarantine.csv when something is bad, contact_sheet.png when asked for. The folder.
std::filesystem::path write_data_files(const DataRequest& request, const data::Dataset& set, DataReport& report);

// People stay on one side, pictures that are for tests only are tested. Writes the split or, with `folds`, a split for
// each fold: the files. `set` is split like the file; with folds it stays as it was.
std::vector<std::string> split_data(const DataRequest& request, data::Dataset& set);

}  // namespace dimple::workflow
