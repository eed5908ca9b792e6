// What several taggers said, as labels and as distributions to train on.
#pragma once
#include "data/dataset.h"

namespace dimple::data {

// The class most taggers chose, as position in set.vote_names; -1: a tie, or no votes.
int32_t most_votes(const Dataset& set, size_t row);

// Fills set.target: label_share of the row's own label, the rest of the votes for the classes of set.labels (matched by
// name; other votes are left out). Where nobody voted for any of them, or the row's place is uncertain, the label
// alone. Throws host::Error(Exit::input) when there are no votes.
void set_vote_targets(Dataset& set, float label_share);

}  // namespace dimple::data
