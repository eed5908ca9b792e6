#include "metrics/auc.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace dimple::metrics {

// Mann-Whitney: U = (sum of the positives' ranks) - p (p + 1) / 2, with the mean rank for ties; AUC = U / (p n).
std::optional<double> auc(std::span<const float> scores, std::span<const int32_t> labels, int classes, int positive) {
  std::vector<std::pair<float, bool>> rows;
  rows.reserve(labels.size());
  for (size_t i = 0; i < labels.size(); ++i) {
    const size_t at = i * static_cast<size_t>(classes) + static_cast<size_t>(positive);
    rows.emplace_back(scores[at], labels[i] == positive);
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  double positives = 0, rank_sum = 0;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin, hits = 0;
    for (; end < rows.size() && rows[end].first == rows[begin].first; ++end) hits += rows[end].second;
    const double mean_rank = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
    rank_sum += mean_rank * static_cast<double>(hits);
    positives += static_cast<double>(hits);
    begin = end;
  }
  const double negatives = static_cast<double>(rows.size()) - positives;
  if (positives == 0 || negatives == 0) return std::nullopt;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace dimple::metrics
