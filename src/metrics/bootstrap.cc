#include "metrics/bootstrap.h"

#include <algorithm>
#include <map>

#include "host/random.h"

namespace dimple::metrics {
namespace {

std::vector<std::vector<int32_t>> groups_of(int64_t rows, std::span<const int32_t> group) {
  std::map<int32_t, std::vector<int32_t>> by_name;
  for (int32_t row = 0; row < rows; ++row) {
    by_name[group.empty() ? row : group[static_cast<size_t>(row)]].push_back(row);
  }
  std::vector<std::vector<int32_t>> groups;
  for (auto& [name, members] : by_name) groups.push_back(std::move(members));
  return groups;
}

double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(at);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<Interval> bootstrap(int64_t rows, std::span<const int32_t> group,
                                const std::function<std::vector<double>(std::span<const int32_t>)>& statistic,
                                const BootstrapOptions& options) {
  const std::vector<std::vector<int32_t>> groups = groups_of(rows, group);
  host::Random random(options.seed);
  std::vector<std::vector<double>> drawn;  // [figure][resample]
  std::vector<int32_t> sample;
  for (int i = 0; i < options.resamples; ++i) {
    sample.clear();
    for (size_t k = 0; k < groups.size(); ++k) {
      const std::vector<int32_t>& members = groups[random.below(static_cast<uint32_t>(groups.size()))];
      sample.insert(sample.end(), members.begin(), members.end());
    }
    const std::vector<double> figures = statistic(sample);
    drawn.resize(figures.size());
    for (size_t k = 0; k < figures.size(); ++k) drawn[k].push_back(figures[k]);
  }
  std::vector<Interval> intervals;
  for (std::vector<double>& values : drawn) {
    std::sort(values.begin(), values.end());
    intervals.push_back({quantile(values, (1 - options.level) / 2), quantile(values, (1 + options.level) / 2)});
  }
  return intervals;
}

}  // namespace dimple::metrics
