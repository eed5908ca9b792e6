// How far the people who labelled a picture agree, and what becomes of pictures on which they do not.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "train/config.h"

namespace dimple::train {

// The share of a row's votes that its most voted answer has; 1 where nobody voted, or where the votes may be another
// row's.
float agreement(const data::Dataset& set, int32_t row);

// What is trained on: the training split, without the rows that `disagreement = drop` leaves out. Throws
// host::Error(Exit::input) when agreement is asked for and nobody voted, or when nothing is left of the whole or of a
// class.
std::vector<int32_t> training_rows(const data::Dataset& set, const TrainConfig& config);

}  // namespace dimple::train
