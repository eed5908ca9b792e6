// Several sets as one. Rows keep where they came from (group `origin`), people are told apart by set, copies are found
// across sets.
#pragma once
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

// All of one size and number of channels. The classes are those of all sets, in the order in which they come up, known
// by name; the framing is that of the first set. Throws host::Error(Exit::input).
Dataset pool_sets(const std::vector<Dataset>& sets);

}  // namespace dimple::data
