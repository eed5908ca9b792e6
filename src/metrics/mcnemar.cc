#include "metrics/mcnemar.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace dimple::metrics {
namespace {

constexpr int64_t kFewest = 25;

// Of k heads in n throws. The logarithm keeps thousands of throws from overflowing.
double chance(int64_t n, int64_t k) {
  const auto of = [](int64_t count) { return std::lgamma(static_cast<double>(count) + 1); };
  return std::exp(of(n) - of(k) - of(n - k) - static_cast<double>(n) * std::log(2.0));
}

}  // namespace

McNemar mcnemar(int64_t only_first, int64_t only_second) {
  McNemar result{only_first, only_second, 1, true};
  const int64_t n = only_first + only_second, fewer = std::min(only_first, only_second);
  result.exact = n < kFewest;
  if (n == 0) return result;
  double below = 0;  // chance of fewer heads than were seen
  for (int64_t k = 0; k < fewer; ++k) below += chance(n, k);
  const double here = chance(n, fewer);
  // Mid-p counts half of what was seen; on equal counts both tails share that one outcome.
  result.p = std::min(1.0, 2 * (below + (result.exact ? here : here / 2)));
  return result;
}

McNemar mcnemar(std::span<const uint8_t> right_first, std::span<const uint8_t> right_second) {
  assert(right_first.size() == right_second.size());
  int64_t first = 0, second = 0;
  for (size_t i = 0; i < right_first.size(); ++i) {
    first += right_first[i] && !right_second[i];
    second += right_second[i] && !right_first[i];
  }
  return mcnemar(first, second);
}

}  // namespace dimple::metrics
