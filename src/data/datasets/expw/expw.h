// ExpW: faces in 91,793 pictures from the web, each face with a box and a label.
//   label.lst            name face_id top left right bottom confidence label     (blank-separated, no header)
//   image/origin/<name>  or anywhere below the folder
// 0 angry 1 disgust 2 fear 3 happy 4 sad 5 surprise 6 neutral. It has no split of its own.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_expw(const std::string& path);
Dataset load_expw(const std::string& path, const LoadOptions& options);

}  // namespace dimple::data
