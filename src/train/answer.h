// How a trained graph answers: probabilities of its outputs for rows as they are, of any set of its size.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "ir/graph.h"
#include "train/config.h"

namespace dimple::train {

// rows.size() x outputs.
std::vector<float> answer(const ir::Graph& graph, const data::Dataset& set, std::span<const int32_t> rows,
                          const TrainConfig& config);

}  // namespace dimple::train
