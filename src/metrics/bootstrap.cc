#include "metrics/bootstrap.h"

#include <algorithm>
#include <map>

namespace dimple::metrics {
namespace {

// SplitMix64: the standard library's distributions differ between libraries, and with them the intervals would.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t below(uint64_t n) {
    state_ += 0x9E3779B97F4A7C15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return ((z ^ (z >> 31)) >> 32) * n >> 32;  // n < 2^32; the bias is below n / 2^32
  }

 private:
  uint64_t state_;
};

std::vector<std::vector<int32_t>> groups_of(int64_t rows, std::span<const int32_t> group) {
  std::map<int32_t, std::vector<int32_t>> by_name;
  for (int32_t row = 0; row < rows; row++) {
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
  Random random(options.seed);
  std::vector<std::vector<double>> drawn;  // [figure][resample]
  std::vector<int32_t> sample;
  for (int i = 0; i < options.resamples; i++) {
    sample.clear();
    for (size_t k = 0; k < groups.size(); k++) {
      const std::vector<int32_t>& members = groups[random.below(groups.size())];
      sample.insert(sample.end(), members.begin(), members.end());
    }
    const std::vector<double> figures = statistic(sample);
    drawn.resize(figures.size());
    for (size_t k = 0; k < figures.size(); k++) drawn[k].push_back(figures[k]);
  }
  std::vector<Interval> intervals;
  for (std::vector<double>& values : drawn) {
    std::sort(values.begin(), values.end());
    intervals.push_back({quantile(values, (1 - options.level) / 2), quantile(values, (1 + options.level) / 2)});
  }
  return intervals;
}

}  // namespace dimple::metrics
