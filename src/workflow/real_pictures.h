// Pictures of a data set as a network reads them.
#pragma once
#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "image/normalise.h"

namespace dimple::workflow {

// Evenly spread over the split, so that no stretch of the file is preferred.
std::vector<int32_t> spread_rows(const data::Dataset& set, data::Split split, int most);

std::vector<int8_t> codes_of(const data::Dataset& set, const std::vector<int32_t>& rows, image::Normalise how);

}  // namespace dimple::workflow
