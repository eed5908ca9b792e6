// What `dimple data` leaves: the run folder of a check, the csv of a split.
#pragma once
#include <filesystem>

#include "workflow/data.h"

namespace dimple::workflow {

// summary.json, classes.svg, quarantine.csv when something is bad, contact_sheet.png when asked for. The folder.
std::filesystem::path write_data_files(const DataRequest& request, const data::Dataset& set, DataReport& report);

std::string write_split(const data::Dataset& set, const std::filesystem::path& path);  // the path

}  // namespace dimple::workflow
