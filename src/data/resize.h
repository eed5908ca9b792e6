// A set in another size or number of channels, for a network that reads other pictures than the set holds.
#pragma once
#include "data/dataset.h"

namespace dimple::data {

// Square pictures of `extent`; 0 keeps what is there. Anew from decoded pixels: where a source has larger pictures, its
// importer does better by going to this size at once.
void resize_pictures(Dataset& set, int32_t extent, int32_t channels);

}  // namespace dimple::data
