#include "train/loader.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <thread>

#include "train/squares_testing.h"

namespace dimple::train {
namespace {

TEST(Loader, GivesTheSameBatchesWithAndWithoutThreads) {
  const data::Dataset set = squares(96);
  const Recipe recipe = small_recipe();
  const BatchMaker maker(set, recipe);
  const auto rows = data::rows_of(set, data::Split::train);
  for (const int threads : {0, 1, 3}) {
    Loader loader(maker, threads, 2);
    for (size_t step = 0; step + 2 < rows.size() / 4; step += 2)
      for (size_t share = 0; share < 2; ++share) {
        const auto part = std::span(rows).subspan(4 * (step + share), 4);
        const Batch want = batch_of(set, recipe, part, 1);
        const Batch& got = loader.take(share, part, 1);
        EXPECT_EQ(got.pictures, want.pictures) << threads;
        EXPECT_EQ(got.targets, want.targets);
        loader.announce(share, std::span(rows).subspan(4 * (step + 2 + share), 4), 1);
      }
  }
}

TEST(Loader, MakesWhatIsAskedForThoughSomethingElseWasAnnounced) {
  const data::Dataset set = squares(96);
  const Recipe recipe = small_recipe();
  const BatchMaker maker(set, recipe);
  const auto rows = data::rows_of(set, data::Split::train);
  Loader loader(maker, 2, 1);
  for (int i = 0; i < 20; ++i) {
    loader.announce(0, std::span(rows).first(8), 0);
    if (i % 2) loader.cancel();
    const auto other = std::span(rows).subspan(8, 4);
    EXPECT_EQ(loader.take(0, other, 3).pictures, batch_of(set, recipe, other, 3).pictures);
  }
}

// Rows that no memory can hold a batch of. Who makes it, the thread or take(), is not known: in some rounds the thread.
TEST(Loader, GivesTheFailureOfAThreadToWhoTakesTheBatch) {
  const data::Dataset set = squares(96);
  const Recipe recipe = small_recipe();
  const BatchMaker maker(set, recipe);
  const auto rows = data::rows_of(set, data::Split::train);
  const std::span<const int32_t> endless(rows.data(), std::numeric_limits<size_t>::max() / 1024);
  Loader loader(maker, 1, 1);
  for (int round = 0; round < 200; ++round) {
    loader.announce(0, endless, 0);
    std::this_thread::yield();
    EXPECT_THROW(loader.take(0, endless, 0), std::length_error);
  }
  const auto part = std::span(rows).first(4);
  loader.announce(0, part, 1);
  EXPECT_EQ(loader.take(0, part, 1).pictures, batch_of(set, recipe, part, 1).pictures)
      << "and the next is as any other";
}

}  // namespace
}  // namespace dimple::train
