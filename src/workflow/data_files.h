// The run folder of `dimple data check`.
#pragma once
#include <filesystem>

#include "workflow/data.h"

namespace dimple::workflow {

// summary.json, classes.svg, quarantine.csv when something is bad, contact_sheet.png when asked for. The folder.
std::filesystem::path write_data_files(const DataRequest& request, const data::Dataset& set, DataReport& report);

}  // namespace dimple::workflow
