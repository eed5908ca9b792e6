// Pictures of a data set as a model reads them.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "image/normalise.h"

namespace dimple::compress {

// At most so many rows of a split, spread evenly over it.
std::vector<int32_t> spread_rows(const data::Dataset&, data::Split, int most);

// Their codes, one picture behind the other.
std::vector<int8_t> codes_of(const data::Dataset&, std::span<const int32_t> rows, image::Normalise how);

}  // namespace dimple::compress
