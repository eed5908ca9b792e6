// LIRIS-CSE: films of 12 children from 6 to 12 who are not asked to pose, as folders of frames. How its files are named
// is unconfirmed: words are looked for, as in S03_happy_2/000017.jpg; clips named after two expressions are left out.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_liris_cse(const std::string& path);
Dataset load_liris_cse(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_liris_cse_path(const std::string& path);

}  // namespace dimple::data
