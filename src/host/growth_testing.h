// How work grows with the size of what is asked, for tests that bound it. Where nothing can be counted, processor time
// has to do: of this thread alone, and the best of several, so that a busy machine changes it by little.
#pragma once
#include <algorithm>
#include <cstddef>
#include <ctime>

namespace dimple::host {

template <class Work>
double processor_seconds(Work&& work) {
  const auto now = [] {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double start = now();
    work();
    best = std::min(best, now() - start);
  }
  return best;
}

// How many times longer `work(large)` takes than `work(small)`. Eight times the size: 8 where time grows with it, 64
// where it grows with the square; a bound of 24 lies far from both.
template <class Work>
double growth_of(Work&& work, size_t small, size_t large) {
  const double one = processor_seconds([&] { work(small); });
  return processor_seconds([&] { work(large); }) / std::max(one, 1e-6);
}

}  // namespace dimple::host
