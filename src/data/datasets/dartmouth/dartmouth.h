// The Dartmouth Database of Children's Faces: 80 children from 6 to 16, eight expressions (content, which no other set
// has, is left out), five angles, two lightings. How its files are named is unconfirmed: words are looked for, in
// folders and names, as in M07/happy_frontal.jpg. A table does it for sure (data/datasets/table/).
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_dartmouth(const std::string& path);
Dataset load_dartmouth(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_dartmouth_path(const std::string& path);

}  // namespace dimple::data
