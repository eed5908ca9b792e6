#include "workflow/slices.h"

namespace dimple::workflow {
namespace {

// A set that knows groups has them as columns of a name and a value for each row.
template <class Set>
std::vector<Column> read(const Set& set) {
  std::vector<Column> columns;
  if constexpr (requires { set.groups; })
    for (const auto& group : set.groups) columns.push_back({group.name, group.value});
  return columns;
}

}  // namespace

std::vector<Column> columns_of(const data::Dataset& set) { return read(set); }

}  // namespace dimple::workflow
