// What the best weights answer on the validation pictures, at the end of a run: tables and pictures of the answers, and
// MODEL_CARD.md. A test set is looked at once, by --test or `dimple report`.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"
#include "train/request.h"
#include "train/saved_weights.h"

namespace dimple::train {

// Nothing, where there are no best weights. Without validation pictures the card alone. `limits`: sentences for the
// card.
void write_validation_files(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request,
                            const Trainer& trainer, const SavedWeights& weights,
                            const std::vector<std::string>& limits);

}  // namespace dimple::train
