#include "train/agreement.h"

#include <gtest/gtest.h>

#include "host/error.h"
#include "train/answer.h"
#include "train/batches.h"
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
  Batch batch;
  BatchMaker(set, recipe).make(training_rows(set, recipe), 0, batch);
  EXPECT_EQ(batch.weights.size(), 4u);
  EXPECT_FLOAT_EQ(batch.weights[0], 4.0f / 3);
  EXPECT_FLOAT_EQ(batch.weights[1], 2.0f / 3);
}

TEST(Agreement, SoftTrainsOnTheVotesAlone) {
  const data::Dataset set = voted();
  Recipe recipe = small_recipe();
  recipe.vote_share = 0, recipe.vote_agreement = 0.5f;
  Batch batch;
  BatchMaker(set, recipe).make(std::vector<int32_t>{0, 2}, 0, batch);
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

}  // namespace
}  // namespace dimple::train
