// Pictures in parts that are summed on their own, whatever the number of threads: sums of doubles depend on their order.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <vector>

namespace dimple::compile {

// Few: calibration holds a sum per element of every value for each.
constexpr size_t kParts = 4;

inline size_t parts_of(size_t pictures) { return std::min(kParts, pictures); }

// part(p, first, last) for each of them.
template <class F>
void run_parts(size_t pictures, int threads, F&& part) {
  const size_t parts = parts_of(pictures);
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t p; (p = next.fetch_add(1)) < parts;) part(p, pictures * p / parts, pictures * (p + 1) / parts);
  };
  std::vector<std::future<void>> workers;
  for (int t = 1; t < threads; ++t) workers.push_back(std::async(std::launch::async, work));
  work();
  for (auto& w : workers) w.get();
}

}  // namespace dimple::compile
