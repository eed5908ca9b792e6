// What is known of each picture beside its class and its person, by which results can be looked at apart.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"

namespace dimple::evaluate {

struct Column {
  std::string name;
  std::vector<std::string> value;  // by row of the set; "": nobody says
};

std::vector<Column> columns_of(const data::Dataset& set);

}  // namespace dimple::evaluate
