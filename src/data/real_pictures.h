// Pictures of a data set as a network reads them.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "image/normalise.h"

namespace dimple::data {

// At most so many rows of a split, evenly spread over it, so that no stretch of the file is preferred.
std::vector<int32_t> spread_rows(const Dataset&, Split, int most);

// Their codes, one picture behind the other.
std::vector<int8_t> codes_of(const Dataset&, std::span<const int32_t> rows, image::Normalise how);

}  // namespace dimple::data
