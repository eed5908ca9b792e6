// Percentile bootstrap: how much a figure would move with other rows. Rows that belong together (one subject, one
// picture and its duplicates) are drawn together, or the interval comes out too narrow.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace dimple::metrics {

struct Interval {
  double low = 0, high = 0;

  std::array<double, 2> ends() const { return {low, high}; }
};

struct BootstrapOptions {
  int resamples = 1000;
  double level = 0.95;
  uint64_t seed = 1;
};

// `statistic` is given row numbers, repeats among them, and puts out one or more figures (always as many); one interval
// comes back for each. `group[i]` says which rows belong together; empty: each row is by itself. The same seed gives
// the same intervals everywhere.
std::vector<Interval> bootstrap(int64_t rows, std::span<const int32_t> group,
                                const std::function<std::vector<double>(std::span<const int32_t>)>& statistic,
                                const BootstrapOptions& options = {});

}  // namespace dimple::metrics
