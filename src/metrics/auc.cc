#include "metrics/auc.h"

#include <vector>

#include "metrics/ranks.h"

namespace dimple::metrics {

// Mann-Whitney: U = (sum of the positives' ranks) - p (p + 1) / 2, with the mean rank for ties; AUC = U / (p n).
std::optional<double> auc(std::span<const float> scores, std::span<const int32_t> labels, int classes, int positive) {
  std::vector<double> of_class;
  of_class.reserve(labels.size());
  for (size_t i = 0; i < labels.size(); ++i)
    of_class.push_back(scores[i * static_cast<size_t>(classes) + static_cast<size_t>(positive)]);
  const std::vector<double> ranks = mean_ranks(of_class);
  double positives = 0, rank_sum = 0;
  for (size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == positive) ++positives, rank_sum += ranks[i];
  const double negatives = static_cast<double>(labels.size()) - positives;
  if (positives == 0 || negatives == 0) return std::nullopt;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace dimple::metrics
