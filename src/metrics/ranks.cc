#include "metrics/ranks.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace dimple::metrics {

std::vector<double> mean_ranks(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double mean = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
    for (; begin < end; ++begin) ranks[order[begin]] = mean;
  }
  return ranks;
}

std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  const std::vector<double> first = mean_ranks(a), second = mean_ranks(b);
  const double mean = (static_cast<double>(a.size()) + 1) / 2;
  double both = 0, of_first = 0, of_second = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    both += (first[i] - mean) * (second[i] - mean);
    of_first += (first[i] - mean) * (first[i] - mean), of_second += (second[i] - mean) * (second[i] - mean);
  }
  if (of_first == 0 || of_second == 0) return std::nullopt;
  return both / std::sqrt(of_first * of_second);
}

}  // namespace dimple::metrics
