// RaFD: 67 people, adults and children, eight expressions, three gazes, five angles:
//   Rafd090_01_Caucasian_female_angry_frontal.jpg
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_rafd(const std::string& path);
Dataset load_rafd(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_rafd_path(const std::string& path);

}  // namespace dimple::data
