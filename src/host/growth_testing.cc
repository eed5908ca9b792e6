#include "host/growth_testing.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <new>

namespace {

thread_local uint64_t bytes_asked = 0;

}  // namespace

// Every program of tests counts. The forms for lists come here by themselves; so do those for `nothrow`, but under the
// address sanitizer, which has its own and compares who gave with who takes.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  bytes_asked += bytes;
  return std::malloc(bytes > 0 ? bytes : 1);
}
void* operator new(std::size_t bytes) {
  if (void* memory = operator new(bytes, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace dimple::host {
namespace {

double processor_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// malloc keeps the pages that it has. By itself it maps each piece of more than 128 KiB anew, so that the larger of two
// sizes would be measured by its page faults.
void keep_pages() {
  constexpr int kMost = 32 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kMost);
  ::mallopt(M_TRIM_THRESHOLD, 8 * kMost);
}

// For one time, of as many as fill a sample.
double sample_seconds(const std::function<void()>& work) {
  constexpr double kSample = 2e-3;
  for (int times = 1;; times *= 2) {
    const double start = processor_seconds();
    for (int i = 0; i < times; ++i) work();
    if (const double taken = processor_seconds() - start; taken >= kSample) return taken / times;
  }
}

}  // namespace

uint64_t bytes_asked_by(const std::function<void()>& work) {
  const uint64_t before = bytes_asked;
  work();
  return bytes_asked - before;
}

testing::AssertionResult grows_with(const std::function<void(size_t)>& work, size_t size, int power) {
  constexpr int kFewest = 3, kMost = 20;
  keep_pages();
  const double bound = 3 * (power == 2 ? 64 : 8);
  const std::function<void()> small = [&] { work(size); }, large = [&] { work(8 * size); };
  const uint64_t few = bytes_asked_by(small), many = bytes_asked_by(large);
  constexpr uint64_t kNothing = 4096;  // what a message or a table of fixed size may ask for
  if (static_cast<double>(many) > bound * static_cast<double>(std::max(few, kNothing)))
    return testing::AssertionFailure() << "8 times the size asked for " << many << " bytes, once for " << few;
  double least_small = 1e9, least_large = 1e9;
  for (int i = 0; i < kMost; ++i) {
    if (i >= kFewest && least_large < bound * least_small) return testing::AssertionSuccess();
    least_small = std::min(least_small, sample_seconds(small)),
    least_large = std::min(least_large, sample_seconds(large));
  }
  return testing::AssertionFailure() << "8 times the size took " << 1e3 * least_large << " ms, once "
                                     << 1e3 * least_small << " ms";
}

}  // namespace dimple::host
