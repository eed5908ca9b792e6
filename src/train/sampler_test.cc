#include "train/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/error.h"
#include "train/best_answers.h"
#include "train/squares_testing.h"

namespace dimple::train {
namespace {

// Rows 0 and 1 agree by 9 of 10, rows 2 and 3 by 4 of 10, row 4 has no votes, row 5 may have another row's.
data::Dataset voted() {
  data::Dataset set = squares(6);
  set.vote_names = {"left", "middle", "right"};
  set.votes = {9, 1, 0, 1, 9, 0, 3, 4, 3, 4, 3, 3, 0, 0, 0, 3, 3, 4};
  set.doubt = {0, 0, 0, 0, 0, data::kDoubtPlace};
  set.target.assign(18, 1.0f / 3);
  for (auto& split : set.split) split = data::Split::train;
  return set;
}

TEST(Agreement, IsTheShareOfTheMostVotedAnswer) {
  const data::Dataset set = voted();
  EXPECT_FLOAT_EQ(agreement(set, 0), 0.9f);
  EXPECT_FLOAT_EQ(agreement(set, 2), 0.4f);
  EXPECT_FLOAT_EQ(agreement(set, 4), 1);
  EXPECT_FLOAT_EQ(agreement(set, 5), 1);
  EXPECT_FLOAT_EQ(agreement(squares(3), 0), 1);
}

TEST(Agreement, DropLeavesOutWhatPeopleDisagreeAbout) {
  const data::Dataset set = voted();
  Recipe recipe = small_recipe();
  EXPECT_EQ(training_rows(set, recipe).size(), 6u);
  recipe.vote_agreement = 0.5f, recipe.disagreement = "drop";
  EXPECT_EQ(training_rows(set, recipe), (std::vector<int32_t>{0, 1, 4, 5}));
  recipe.disagreement = "soft";
  EXPECT_EQ(training_rows(set, recipe).size(), 6u);
}

TEST(Agreement, DropRefusesToEmptyAClass) {
  Recipe recipe = small_recipe();
  recipe.vote_agreement = 0.95f, recipe.disagreement = "drop";
  try {
    training_rows(voted(), recipe);  // rows 4 and 5 are left, of the second class and the third
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_NE(std::string(e.what()).find("no training picture of " + voted().labels[0]), std::string::npos) << e.what();
  }
}

// Of the four rows that are left one is of the first class, two are of the second.
TEST(Agreement, ClassesWeighByWhatIsLeftOfThem) {
  const data::Dataset set = voted();
  Recipe recipe = small_recipe();
  recipe.class_balance = 1, recipe.vote_agreement = 0.5f, recipe.disagreement = "drop";
  const Batch batch = batch_of(set, recipe, training_rows(set, recipe));
  EXPECT_EQ(batch.weights.size(), 4u);
  EXPECT_FLOAT_EQ(batch.weights[0], 4.0f / 3);
  EXPECT_FLOAT_EQ(batch.weights[1], 2.0f / 3);
}

TEST(Agreement, SoftTrainsOnTheVotesAlone) {
  const data::Dataset set = voted();
  Recipe recipe = small_recipe();
  recipe.vote_share = 0, recipe.vote_agreement = 0.5f;
  const Batch batch = batch_of(set, recipe, std::vector<int32_t>{0, 2});
  EXPECT_FLOAT_EQ(batch.targets[0], 1);
  EXPECT_FLOAT_EQ(batch.targets[3], 1.0f / 3);
}

// Nothing is learned from the pictures of a test, so they need no votes.
TEST(Agreement, PicturesToTestOnNeedNoVotes) {
  Recipe recipe = small_recipe();
  recipe.vote_agreement = 0.5f;
  const data::Dataset other = squares(6);
  EXPECT_EQ(answer(small_net(other), other, std::vector<int32_t>{0, 1}, recipe, small_session()).size(), 6u);
}

TEST(Agreement, WithoutVotesNobodyCanBeAsked) {
  Recipe recipe = small_recipe();
  recipe.vote_agreement = 0.5f;
  EXPECT_THROW(training_rows(squares(6), recipe), host::Error);
}

// 8 of class 0, 2 of class 1, 50 of class 2.
data::Dataset uneven() {
  data::Dataset set = squares(60);
  for (size_t i = 0; i < 60; ++i) set.label[i] = i < 8 ? 0 : i < 10 ? 1 : 2, set.split[i] = data::Split::train;
  return set;
}

TEST(Sampler, ShuffleIsEveryRowOnce) {
  const data::Dataset set = uneven();
  const auto rows = data::rows_of(set, data::Split::train);
  const Sampler sampler(set, rows, "shuffle", 1);
  auto order = sampler.order(4);
  EXPECT_EQ(order, shuffled(rows, 1, 4));
  EXPECT_EQ(order, sampler.order(4));
  EXPECT_NE(order, sampler.order(5));
  std::ranges::sort(order);
  EXPECT_EQ(order, rows);
}

TEST(Sampler, BalancedGivesEveryClassTheSameShare) {
  const data::Dataset set = uneven();
  const Sampler sampler(set, data::rows_of(set, data::Split::train), "balanced", 1);
  for (int epoch = 0; epoch < 4; ++epoch) {
    std::map<int32_t, int> count;
    const auto order = sampler.order(epoch);
    EXPECT_EQ(order.size(), 60u);
    for (const int32_t draw : order) ++count[set.label[static_cast<size_t>(draw) % 60]];
    EXPECT_EQ(count, (std::map<int32_t, int>{{0, 20}, {1, 20}, {2, 20}}));
  }
  EXPECT_EQ(sampler.order(2), sampler.order(2));
  EXPECT_NE(sampler.order(2), sampler.order(3));
}

TEST(Sampler, BalancedDrawsAreAllDifferentAndALargeClassIsSeenWhole) {
  const data::Dataset set = uneven();
  const Sampler sampler(set, data::rows_of(set, data::Split::train), "balanced", 1);
  std::set<int32_t> large;
  for (int epoch = 0; epoch < 5; ++epoch) {
    const auto order = sampler.order(epoch);
    EXPECT_EQ(std::set<int32_t>(order.begin(), order.end()).size(), order.size()) << "a turn of its own for each";
    for (const int32_t draw : order)
      if (set.label[static_cast<size_t>(draw) % 60] == 2) large.insert(draw % 60);
  }
  EXPECT_EQ(large.size(), 50u);  // 5 epochs of 20 are two rounds
}

// 8 of class 0 and 2 of class 1 of one set, 50 of class 2 of another.
TEST(Sampler, BalancedSetsGivesEveryClassOfEverySetTheSameShare) {
  data::Dataset set = uneven();
  set.label[10] = set.label[11] = 0;
  set.groups.push_back({data::kOrigin, std::vector<std::string>(60, "large")});
  for (size_t i = 0; i < 10; ++i) set.groups[0].value[i] = "small";
  const Sampler sampler(set, data::rows_of(set, data::Split::train), "balanced_sets", 1);
  std::map<std::pair<bool, int32_t>, int> count;
  for (const int32_t draw : sampler.order(0)) ++count[{draw % 60 >= 10, set.label[static_cast<size_t>(draw) % 60]}];
  using Count = std::map<std::pair<bool, int32_t>, int>;
  EXPECT_EQ(count, (Count{{{false, 0}, 15}, {{false, 1}, 15}, {{true, 0}, 15}, {{true, 2}, 15}}));
}

TEST(Sampler, PowerSaysHowFarItEvensOut) {
  const data::Dataset set = uneven();
  const auto shares = [&](float power) {
    std::vector<int> count(3);
    const auto order = Sampler(set, data::rows_of(set, data::Split::train), "balanced", 1, power).order(0);
    EXPECT_EQ(order.size(), 60u);
    for (const int32_t draw : order) ++count[static_cast<size_t>(set.label[static_cast<size_t>(draw) % 60])];
    return count;
  };
  EXPECT_EQ(shares(0), (std::vector<int>{8, 2, 50}));
  EXPECT_EQ(shares(0.5f), (std::vector<int>{15, 7, 38}));  // as 2.83, 1.41 and 7.07
}

TEST(Sampler, AnUnknownOneIsAUsageError) {
  const data::Dataset set = uneven();
  EXPECT_THROW(Sampler(set, data::rows_of(set, data::Split::train), "magic", 1), host::Error);
}

}  // namespace
}  // namespace dimple::train
