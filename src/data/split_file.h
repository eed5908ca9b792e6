// A split as a csv file, so that everyone trains on the same pictures: `key,subject,label,split`. The key is the
// picture's name in its source, or its row where it has none.
#pragma once
#include <string>

#include "data/dataset.h"

namespace dimple::data {

std::string key_of(const Dataset& set, size_t row);

std::string split_csv(const Dataset& set);

// Rows that the file does not name are left out, and said. Throws host::Error:
//   Exit::input  the file is malformed, names a picture twice, names none or not all of the set's, or another label
//   Exit::gate   a person would be in two splits, or a set that is for tests only in training; not with `force`
void apply_split_csv(Dataset& set, const std::string& path, bool force);

}  // namespace dimple::data
