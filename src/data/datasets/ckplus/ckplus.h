// CK+48: the last three frames of CK+ sequences, 48x48 grey, as a tar (or zip) or unpacked:
//   CK+48/<class>/S<subject>_<sequence>_<frame>.png
// Seven classes with contempt, no neutral. It has no split of its own: all rows are training until a protocol deals
// folds.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_ckplus(const std::string& path);
Dataset load_ckplus(const std::string& path, const LoadOptions& options);

// "CK+48/anger/S010_004_00000017.png" -> class anger, subject S010. Nothing for a name of another form.
std::vector<Entry> read_ckplus_path(const std::string& path);

const std::vector<std::string>& ckplus_labels();

}  // namespace dimple::data
