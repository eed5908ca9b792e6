// The files of a training's run folder that grow with it.
#pragma once
#include <filesystem>
#include <vector>

#include "host/json.h"
#include "train/trainer.h"

namespace dimple::train {

// Machine, compiler, libtorch, threads: the circumstances of every figure in the folder.
host::Json environment();

// results.csv, results.svg and log.jsonl, each written whole and atomically.
void write_results(const std::filesystem::path& folder, const std::vector<EpochRow>& epochs);

// The rows of the folder's log.jsonl, to the digit; none when there is no such file.
std::vector<EpochRow> read_results(const std::filesystem::path& folder);

}  // namespace dimple::train
