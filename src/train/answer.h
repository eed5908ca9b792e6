// The answers of a trained graph on rows of any set of its picture size, without augmentation.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "ir/graph.h"
#include "train/recipe.h"
#include "train/session.h"

namespace dimple::train {

// Probabilities, rows.size() x outputs.
std::vector<float> answer(const ir::Graph& graph, const data::Dataset& set, std::span<const int32_t> rows,
                          const Recipe& recipe, const Session& session);

}  // namespace dimple::train
