// What was decoded, as one hash: the same for a csv and its compressed form, and for one cut in other rows another.
#pragma once
#include <string>

#include "data/dataset.h"

namespace dimple::data {

std::string content_sha256(const Dataset& set);

}  // namespace dimple::data
