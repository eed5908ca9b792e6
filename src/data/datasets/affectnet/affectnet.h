// AffectNet, manually annotated, in the forms it is held in:
//   training.csv, validation.csv   subDirectory_filePath,face_x,face_y,face_width,face_height,...,expression,...
//   train_set/, val_set/           images/17.jpg and annotations/17_exp.npy, which holds the number of the class
//   train_class/class001/*.jpg, val_class/...   or any train|val / number or name of the class / picture
// 0 neutral 1 happy 2 sad 3 surprise 4 fear 5 disgust 6 angry 7 contempt; 8 none 9 uncertain 10 no face are left out.
// The test part was never given out: results are reported on the validation part, which therefore is our test split.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_affectnet(const std::string& path);
Dataset load_affectnet(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_affectnet_path(const std::string& path);

}  // namespace dimple::data
