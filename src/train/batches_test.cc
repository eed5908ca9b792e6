#include "train/batches.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "train/mixup.h"
#include "train/squares_testing.h"

namespace dimple::train {
namespace {

TEST(Batches, OrderIsAPermutationOfItsSeedAndEpoch) {
  const std::vector<int32_t> rows{3, 1, 4, 15, 9, 2, 6};
  auto a = shuffled(rows, 1, 0), b = shuffled(rows, 1, 0), c = shuffled(rows, 1, 1);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  std::sort(a.begin(), a.end()), std::sort(c.begin(), c.end());
  EXPECT_EQ(a, c);
}

TEST(Batches, TargetsMixLabelsVotesAndSmoothing) {
  data::Dataset set = squares(6);
  set.target.assign(18, 0);
  for (size_t i = 0; i < 6; ++i) set.target[3 * i + 2] = 1;  // all votes are for the third class
  Recipe recipe = small_recipe();
  recipe.vote_share = 0.5f, recipe.label_smoothing = 0.3f;
  Batch batch;
  const std::vector<int32_t> rows{0, 1};
  BatchMaker(set, recipe).make(rows, 0, batch);
  EXPECT_NEAR(batch.targets[0], 0.1 + 0.7 * 0.5, 1e-6);
  EXPECT_NEAR(batch.targets[1], 0.1, 1e-6);
  EXPECT_NEAR(batch.targets[2], 0.1 + 0.7 * 0.5, 1e-6);
}

TEST(Batches, BalanceWeighsClassesAlikeAndKeepsTheMean) {
  data::Dataset set = squares(60);
  for (int32_t& l : set.label)
    if (l == 2) l = 1;
  Recipe recipe = small_recipe();
  recipe.class_balance = 1;
  Batch batch;
  const auto rows = data::rows_of(set, data::Split::train);
  BatchMaker(set, recipe).make(rows, 0, batch);
  double sum = 0, first = 0;
  for (size_t i = 0; i < rows.size(); ++i)
    sum += batch.weights[i], first += set.label[static_cast<size_t>(rows[i])] == 0 ? batch.weights[i] : 0;
  EXPECT_NEAR(sum, static_cast<double>(rows.size()), 1e-3);
  EXPECT_NEAR(first, sum / 2, 1e-3);
}

TEST(Batches, APictureThatComesAgainInAnEpochLooksDifferent) {
  const data::Dataset set = squares(6);
  const Recipe recipe = small_recipe();
  Batch batch;
  const auto size = static_cast<std::ptrdiff_t>(set.picture_bytes());
  BatchMaker(set, recipe).make(std::vector<int32_t>{2, 2 + 6, 2}, 0, batch);
  const auto at = [&](int i) {
    return std::vector<float>(batch.pictures.begin() + i * size, batch.pictures.begin() + (i + 1) * size);
  };
  EXPECT_NE(at(0), at(1));
  EXPECT_EQ(at(0), at(2));
  EXPECT_EQ(batch.targets[2 * 3 + 2], batch.targets[2]);
}

TEST(Batches, MixupBlendsPicturesTargetsAndWeightsAlike) {
  const data::Dataset set = squares(60);
  Recipe recipe = small_recipe(), plain = recipe;
  recipe.mixup = 1, recipe.class_balance = plain.class_balance = 0.5f;
  const auto rows = data::rows_of(set, data::Split::train);
  Batch mixed, again, own, other;
  BatchMaker(set, recipe).make(rows, 3, mixed);
  BatchMaker(set, recipe).make(std::span(rows).subspan(4, 1), 3, again);
  BatchMaker(set, plain).make(rows, 3, own);
  const Mix mix = draw_mix(rows, 1, recipe.seed, 3, rows[4]);
  BatchMaker(set, plain).make(std::vector<int32_t>{mix.partner}, 3, other);
  const size_t size = set.picture_bytes();
  for (size_t p = 0; p < size; p += 17) {
    EXPECT_EQ(mixed.pictures[4 * size + p], again.pictures[p]) << "neighbours in the batch do not matter";
    EXPECT_NEAR(mixed.pictures[4 * size + p],
                mix.fraction * own.pictures[4 * size + p] + (1 - mix.fraction) * other.pictures[p], 1e-5);
  }
  for (size_t c = 0; c < 3; ++c)
    EXPECT_NEAR(mixed.targets[12 + c], mix.fraction * own.targets[12 + c] + (1 - mix.fraction) * other.targets[c],
                1e-6);
  EXPECT_NEAR(mixed.weights[4], mix.fraction * own.weights[4] + (1 - mix.fraction) * other.weights[0], 1e-6);
}

}  // namespace
}  // namespace dimple::train
