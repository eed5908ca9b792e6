// NIMH-ChEFS: 482 photographs of 59 children from 10 to 17, five expressions, gaze direct or averted. Its files are
// called M10HS_6767.jpg: sex and number of the child, expression (H, N and S were seen; A for angry and F for fear are
// unconfirmed), gaze (S straight; A averted is unconfirmed). Otherwise words are looked for, in folders and names, as
// in F01_Afraid_Direct.jpg.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_chefs(const std::string& path);
Dataset load_chefs(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_chefs_path(const std::string& path);

}  // namespace dimple::data
