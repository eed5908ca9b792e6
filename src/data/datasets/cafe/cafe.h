// CAFE: 1,192 photographs of 154 children from 2 to 8, seven expressions, with the mouth open and closed:
//   <number>-<expression>[open]_<F|M>-<AA|AS|EA|LA|SA>-<child>.jpg       9977-angry_F-AA-01.jpg
// or a table cafe.csv beside the pictures, made from the spreadsheet that comes with the set:
//   path,label,subject,ethnicity,mouth
// It is there to be tested on: no picture of it is ever trained on.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_cafe(const std::string& path);
Dataset load_cafe(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_cafe_path(const std::string& path);

}  // namespace dimple::data
