// Several sets as one. Rows keep where they came from (group `origin`), people keep their names where those mean the
// same person in both sets, copies are found across sets.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

// Whose names the people of a set have, by what the set is called: sets that agree in it mean one person by one name,
// as all sessions do. "": the user's own sets, in which `p1` may be any person. It follows from the name, which a tensor
// cache keeps and a build without importers knows.
std::string people_of(const std::string& origin);

// How many people of the test pictures of a set that is read apart also stand in training or validation of what was
// learned, by the names they have in a pool. `part`: which of the pooled sets (0 where there is one) was read from the
// same place as `test`, so that one name is one person in any case; -1: none. The user's own sets share no person
// otherwise.
int64_t people_in_common(const Dataset& learned, const Dataset& test, int part);

// All of one size and number of channels. The classes are those of all sets, in the order in which they come up, known
// by name; the framing is that of the first set. Throws host::Error(Exit::input).
Dataset pool_sets(const std::vector<Dataset>& sets);

}  // namespace dimple::data
