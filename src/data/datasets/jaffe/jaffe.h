// JAFFE: 213 pictures of 10 Japanese women, 256x256 grey, TIFF: KA.AN1.39.tiff (person, expression and take, number).
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_jaffe(const std::string& path);
Dataset load_jaffe(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_jaffe_path(const std::string& path);

}  // namespace dimple::data
