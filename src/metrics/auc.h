// Area under the ROC curve: the chance that a row of the class scores higher than one that is not (half for a tie).
#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace dimple::metrics {

// One class against the rest; nothing when all rows or no row are of the class.
std::optional<double> auc(std::span<const float> scores, std::span<const int32_t> labels, int classes, int positive);

}  // namespace dimple::metrics
