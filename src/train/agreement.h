// How far the people who labelled a picture agree, and what becomes of pictures on which they do not.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "train/recipe.h"

namespace dimple::train {

// The fraction of a row's votes that its most voted answer has; 1 where there are no votes, or where the votes may be
// another row's.
float agreement(const data::Dataset& set, int32_t row);

// The rows that are trained on: the training split, without the rows that `disagreement = drop` leaves out. Throws
// host::Error(Exit::input) when agreement is asked for and there are no votes, or when no row of the set or of a class
// is left.
std::vector<int32_t> training_rows(const data::Dataset& set, const Recipe& recipe);

}  // namespace dimple::train
