#include "evaluate/slices.h"

namespace dimple::evaluate {

std::vector<Column> columns_of(const data::Dataset& set) {
  std::vector<Column> columns;
  for (const data::Group& group : set.groups) columns.push_back({group.name, group.value});
  return columns;
}

}  // namespace dimple::evaluate
