// FER2013 unpacked to pictures, the form in which it is mostly passed on:
//   train|validation|test/<class>/*.png|jpg    (also Training, PublicTest, PrivateTest)
// Mostly without a validation part and with PublicTest and PrivateTest in one; then results are not those of the csv.
#pragma once
#include <string>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

bool recognises_fer2013_folders(const std::string& path);
Dataset load_fer2013_folders(const std::string& path, const LoadOptions& options);

std::vector<Entry> read_fer2013_folders_path(const std::string& path);

}  // namespace dimple::data
