// RAF-DB, the single-label part: 15,339 pictures, aligned to 100x100.
//   EmoLabel/list_patition_label.txt      train_00001.jpg 5
//   Image/aligned/train_00001_aligned.jpg (else Image/original/train_00001.jpg)
//   Annotation/manual/train_00001_manu_attri.txt, if it is there: five points, then sex, race and age as numbers
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_rafdb(const std::string& path);
Dataset load_rafdb(const std::string& path, const LoadOptions& options);

}  // namespace dimple::data
