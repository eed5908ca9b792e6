// What teachers answer about every view (train/views.h) of the training pictures: asked once, kept in a safetensors
// file, and learned from by any number of students without the teachers. No libtorch.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "train/recipe.h"

namespace dimple::train {

struct Answers {
  std::vector<int32_t> rows;  // of the set, rising
  int32_t views = 0, classes = 0;
  std::vector<float> logits;  // rows x views x classes

  bool operator==(const Answers&) const = default;

  bool has(int32_t row) const;
  // Of a row that it has.
  std::span<const float> of(int32_t row, int view) const;
};

// What stored answers depend on, as JSON: the pictures, how they are altered and brought to the network, and who
// answered (by checksum).
std::string circumstances_of(const data::Dataset& set, const Recipe& recipe);

void save_answers(const std::string& path, const Answers& answers, const std::string& circumstances);

// For a training of this recipe. Throws host::Error(Exit::input) for a file that is none, or that was made for other
// pictures, views, alterations or (where the recipe names teachers) by other teachers; the message says which.
Answers load_answers(const data::Dataset& set, const Recipe& recipe);

// The files of --teacher, which commas separate.
std::vector<std::string> teacher_files(const Recipe& recipe);

}  // namespace dimple::train
