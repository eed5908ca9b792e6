#include "host/parallel.h"

#include <gtest/gtest.h>

#include <numeric>

namespace dimple::host {
namespace {

TEST(InParallel, EveryPieceIsDoneOnceByAWorkerOfItsThread) {
  for (const int threads : {1, 3}) {
    std::vector<std::atomic<int>> done(100);
    std::atomic<int> workers = 0;
    in_parallel(done.size(), threads, {}, [&](int) {
      ++workers;
      return [&](size_t i) { ++done[i]; };
    });
    EXPECT_EQ(workers, threads);
    for (const auto& count : done) EXPECT_EQ(count, 1);
  }
}

TEST(InParallel, ThrowsWhatAThreadThrew) {
  std::atomic<int> done = 0;
  const auto fail_at_five = [&](int) {
    return [&](size_t i) {
      if (i == 5) throw Error(Exit::input, "five");
      ++done;
    };
  };
  EXPECT_THROW(in_parallel(1000, 1, {}, fail_at_five), Error);
  EXPECT_EQ(done, 5);
  EXPECT_THROW(in_parallel(1000, 4, {}, fail_at_five), Error);
}

class Interrupted final : public Cancel {
 public:
  int signal() const override { return 2; }
};

TEST(InParallel, EndsWhenASignalHasCome) {
  NoProgress silent;
  const Interrupted interrupted;
  std::atomic<int> done = 0;
  in_parallel(1000, 2, Task(silent, interrupted), [&](int) { return [&](size_t) { ++done; }; });
  EXPECT_EQ(done, 0);
}

}  // namespace
}  // namespace dimple::host
