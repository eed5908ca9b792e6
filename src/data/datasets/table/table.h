// Any set of your own, by table: a csv beside its pictures with the columns path,label and, as you have them,
// subject, split (train, validation, test). Every other column is a group: ethnicity, mouth, age.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "data/datasets/picture_tree.h"

namespace dimple::data {

struct PictureTable {
  EntryTable entries;
  std::vector<std::string> groups;
};

// Throws host::Error(Exit::input) with the line that is wrong.
PictureTable read_picture_table(std::string_view text, const std::string& where);

}  // namespace dimple::data
