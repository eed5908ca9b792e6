// KDEF: 70 adults, seven expressions, five angles, two sessions: AF01/AF01ANS.JPG
//   session A or B, F or M, number of the person, AF afraid AN DI HA NE SA SU, angle FL HL S HR FR
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_kdef(const std::string& path);
Dataset load_kdef(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_kdef_path(const std::string& path);

}  // namespace dimple::data
