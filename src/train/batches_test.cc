#include "train/batches.h"

#include <gtest/gtest.h>

#include <numeric>

#include "train/squares_testing.h"

namespace dimple::train {
namespace {

TEST(Batches, TargetsMixLabelsVotesAndSmoothing) {
  data::Dataset set = squares(6);
  set.target.assign(18, 0);
  for (size_t i = 0; i < 6; ++i) set.target[3 * i + 2] = 1;  // all votes are for the third class
  Recipe recipe = small_recipe();
  recipe.vote_share = 0.5f, recipe.label_smoothing = 0.3f;
  const Batch batch = batch_of(set, recipe, std::vector<int32_t>{0, 1});
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
  const auto rows = data::rows_of(set, data::Split::train);
  const Batch batch = batch_of(set, recipe, rows);
  double sum = 0, first = 0;
  for (size_t i = 0; i < rows.size(); ++i)
    sum += batch.weights[i], first += set.label[static_cast<size_t>(rows[i])] == 0 ? batch.weights[i] : 0;
  EXPECT_NEAR(sum, static_cast<double>(rows.size()), 1e-3);
  EXPECT_NEAR(first, sum / 2, 1e-3);
}

TEST(Batches, APictureThatComesAgainInAnEpochLooksDifferent) {
  const data::Dataset set = squares(6);
  const auto size = static_cast<std::ptrdiff_t>(set.picture_bytes());
  const Batch batch = batch_of(set, small_recipe(), std::vector<int32_t>{2, 2 + 6, 2});
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
  const Batch mixed = batch_of(set, recipe, rows, 3), own = batch_of(set, plain, rows, 3),
              again = batch_of(set, recipe, std::span(rows).subspan(4, 1), 3);
  const Mix mix = draw_mix(rows, 1, recipe.seed, 3, rows[4]);
  const Batch other = batch_of(set, plain, std::vector<int32_t>{mix.partner}, 3);
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

std::vector<int32_t> hundreds(int count) {
  std::vector<int32_t> r(static_cast<size_t>(count));
  std::iota(r.begin(), r.end(), 100);
  return r;
}

TEST(Mixup, FollowsFromSeedEpochAndRowAlone) {
  const auto r = hundreds(50);
  const Mix a = draw_mix(r, 0.4f, 1, 2, 3), b = draw_mix(r, 0.4f, 1, 2, 3), c = draw_mix(r, 0.4f, 1, 3, 3);
  EXPECT_EQ(a.partner, b.partner);
  EXPECT_EQ(a.fraction, b.fraction);
  EXPECT_TRUE(a.partner != c.partner || a.fraction != c.fraction);
}

// E max(b, 1 - b) for Beta(1, 1) is 3/4; a small alpha leaves pictures nearly alone, a large one halves them.
TEST(Mixup, SharesAreThoseOfItsBeta) {
  const auto r = hundreds(50);
  const auto mean = [&](float alpha) {
    double sum = 0;
    for (int32_t row = 0; row < 4000; ++row) {
      const Mix mix = draw_mix(r, alpha, 1, 0, row);
      EXPECT_GE(mix.fraction, 0.5f);
      EXPECT_LE(mix.fraction, 1.0f);
      EXPECT_GE(mix.partner, 100);
      EXPECT_LT(mix.partner, 150);
      sum += mix.fraction;
    }
    return sum / 4000;
  };
  EXPECT_NEAR(mean(1), 0.75, 0.01);
  EXPECT_GT(mean(0.1f), 0.92);
  EXPECT_NEAR(mean(4), 0.6367, 0.01);  // 1/2 + 1/(2^(2a) * B(a, a) * a) with a = 4: 1/2 + 35/256
}

TEST(Mixup, BlendIsALine) {
  std::vector<float> a{1, 2}, b{3, 0};
  blend(a, b, 0.75f);
  EXPECT_FLOAT_EQ(a[0], 1.5f);
  EXPECT_FLOAT_EQ(a[1], 1.5f);
}

}  // namespace
}  // namespace dimple::train
