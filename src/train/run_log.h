// The files of a run folder that grow with the training.
#pragma once
#include <filesystem>
#include <vector>

#include "host/json.h"
#include "train/progress.h"

namespace dimple::train {

// Machine, compiler, libtorch, threads: the circumstances of every figure in the folder.
host::Json environment();

// results.csv, results.svg and log.jsonl, each written whole and atomically.
void write_results(const std::filesystem::path& folder, const std::vector<EpochReport>& epochs);

// The epochs in the folder's log.jsonl, to the digit; none when there is no such file.
std::vector<EpochReport> read_results(const std::filesystem::path& folder);

}  // namespace dimple::train
