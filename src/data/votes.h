// What several taggers said, as labels and as distributions to train on.
#pragma once
#include "data/dataset.h"

namespace dimple::data {

// The class most taggers chose, as position in set.vote_names; -1: a tie, or no votes.
int32_t most_votes(const Dataset& set, size_t row);

// Fills set.target with the share of the votes that each class of set.labels got (matched by name; other votes are left
// out). Where no vote went to any of them, or the row's place is uncertain, the label alone. How much of it a training
// mixes with the label is the training's business. Throws host::Error(Exit::input) when there are no votes.
void set_vote_targets(Dataset& set);

}  // namespace dimple::data
