// EmoReact: 1,102 clips of 63 children from 4 to 14 who react to something, with several labels each. Clips are films:
// frames must have been taken out of them, <anywhere>/<clip>/<frame>.jpg. How the labels are laid out is unconfirmed:
//   train_names.text   a clip in each line          (and validation_, test_; .txt as well)
//   train_labels.text  eight numbers 0 or 1 and the valence in each line, blank- or comma-separated
// A clip counts when it shows exactly one expression, and that is happiness, surprise, disgust or fear.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_emoreact(const std::string& path);
Dataset load_emoreact(const std::string& path, const LoadOptions& options);

}  // namespace dimple::data
