// Any set of your own: a folder for each class, perhaps below train, validation and test:
//   train/happy/17.png    happy/17.png
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_folders(const std::string& path);
Dataset load_folders(const std::string& path, const LoadOptions& options);

// The class is the folder that holds the picture.
std::vector<Entry> read_folders_path(const std::string& path);

}  // namespace dimple::data
