// What `train` and `val` leave beside their figures: tables and pictures of how well a network answers.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "metrics/classification.h"

namespace dimple::evaluate {

struct Answers {
  std::vector<std::string> classes;
  std::vector<int32_t> rows;    // of the dataset
  std::vector<int32_t> labels;  // the right class of each
  std::vector<float> scores;    // probabilities, rows.size() x classes.size()
  std::vector<bool> seen = {};  // of each, whether training has shown its bytes; empty: as the dataset itself says
};

// confusion_matrix.csv and .svg (raw and as shares of each class), per_class.csv, reliability.svg, top_losses.csv
void write_answer_files(const std::filesystem::path& folder, const data::Dataset& set, const Answers& answers);

}  // namespace dimple::evaluate
