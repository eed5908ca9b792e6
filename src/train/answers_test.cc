#include "train/answers.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <limits>
#include <set>

#include "host/error.h"
#include "host/files.h"
#include "host/own_folder_testing.h"
#include "model/model.h"
#include "train/make_answers.h"
#include "train/squares_testing.h"
#include "train/teacher.h"
#include "train/views.h"

namespace dimple::train {
namespace {

using testing::HasSubstr;

class AnswersTest : public testing::Test {
 protected:
  AnswersTest() : set_(squares(96)), recipe_(small_recipe()) {
    set_.sha256 = "of squares";
    recipe_.views = 3;
    recipe_.teacher = save_teacher("teacher", set_);
    recipe_.teacher_answers = (host::own_folder() / "answers.safetensors").string();
    std::filesystem::remove(recipe_.teacher_answers);  // of the test before
  }
  static std::string save_teacher(const std::string& name, const data::Dataset& set, uint64_t seed = 1) {
    model::Model model;
    model.graph = small_net(set), model.labels = set.labels;
    model.graph.constants.clear();
    ir::initialise(model.graph, seed);
    model.preprocess.width = model.preprocess.height = set.width;
    model.preprocess.normalise = image::Normalise::standardise;
    const std::string path = (host::own_folder() / (name + ".safetensors")).string();
    model::save_model(path, model);
    return path;
  }
  void provide(const Rank& rank = {}) { provide_answers(set_, recipe_, small_session(), rank, {}); }
  std::string refusal() const {
    try {
      load_answers(set_, recipe_);
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::input);
      return error.what();
    }
    return "it was taken";
  }

  data::Dataset set_;
  Recipe recipe_;
};

TEST(Views, EachComesOnceInAsManyEpochsAndEveryEpochHoldsAll) {
  std::set<int> first;
  for (int32_t row = 0; row < 100; ++row) {
    std::set<int> seen;
    for (int epoch = 5; epoch < 21; ++epoch) seen.insert(view_of(16, 7, epoch, row));
    EXPECT_EQ(seen.size(), 16u);
    EXPECT_NE(view_of(16, 7, 0, row, 1), view_of(16, 7, 0, row, 0));
    first.insert(view_of(16, 7, 0, row));
  }
  EXPECT_EQ(first.size(), 16u);
  EXPECT_NE(view_seed(1, 0), view_seed(0, 1));
}

TEST_F(AnswersTest, ABatchHoldsWhatTheTeacherSaysAboutTheViewsInIt) {
  provide();
  const Answers answers = load_answers(set_, recipe_);
  EXPECT_EQ(answers.rows, training_rows(set_, recipe_));
  BatchMaker maker(set_, recipe_);
  Teacher teacher(maker, torch::kCPU, {});
  maker.use(&answers);
  const std::vector<int32_t> draws{0, 7, 8 + 96, 13};
  for (const int epoch : {0, 1, 5}) {
    Batch batch;
    maker.make(draws, epoch, batch);
    const auto said = teacher.logits(0, torch::from_blob(batch.pictures.data(), {4, 1, 16, 16}));
    const auto stored = torch::from_blob(batch.taught.data(), {4, 3});
    EXPECT_TRUE(torch::allclose(said, stored, 1e-4, 1e-5)) << epoch;
  }
}

TEST_F(AnswersTest, StudentsOfOtherSeedsSeeTheSameViews) {
  Recipe other = recipe_;
  other.seed = 9;
  std::set<std::vector<float>> ours, theirs;
  for (int epoch = 0; epoch < recipe_.views; ++epoch) {
    ours.insert(batch_of(set_, recipe_, std::vector<int32_t>{7}, epoch).pictures);
    theirs.insert(batch_of(set_, other, std::vector<int32_t>{7}, epoch).pictures);
  }
  EXPECT_EQ(ours.size(), 3u);
  EXPECT_EQ(ours, theirs);
}

TEST_F(AnswersTest, AStudentLearnsFromAFileWhenTheTeacherIsGone) {
  Recipe alone = recipe_;
  alone.teacher.clear(), alone.teacher_answers.clear(), alone.epochs = 12;
  const auto trainer = small_trainer(set_, alone);
  trainer->run({});
  model::Model model = model::load_model(recipe_.teacher);
  model.graph = trainer->averaged();
  model::save_model(recipe_.teacher, model);
  provide();
  recipe_.teacher.clear();
  set_.target.assign(set_.size() * 3, 1.0f / 3);  // the labels say nothing
  recipe_.vote_share = 1, recipe_.teacher_share = 0.95f, recipe_.epochs = 12, recipe_.teacher_temperature = 2;
  for (const char* loss : {"divergence", "squares"}) {
    recipe_.teacher_loss = loss;
    EXPECT_GT(run_all(*small_trainer(set_, recipe_)).back().val_acc, 0.9) << loss;
  }
}

TEST_F(AnswersTest, OfSeveralTeachersTheMeanCounts) {
  const std::string second = save_teacher("second", set_, 2);
  const BatchMaker maker(set_, recipe_);
  const auto ask = [&](const std::string& teachers) {
    recipe_.teacher = teachers;
    Batch batch;
    maker.make_plain(std::vector<int32_t>{0, 1, 2}, batch);
    return torch::log_softmax(
        Teacher(maker, torch::kCPU, {}).logits(0, torch::from_blob(batch.pictures.data(), {3, 1, 16, 16})), 1);
  };
  const std::string first = recipe_.teacher;
  const auto both = (ask(first) + ask(second)) / 2;
  EXPECT_TRUE(torch::allclose(ask(first + "," + second), torch::log_softmax(both, 1), 1e-5, 1e-6));
  EXPECT_FALSE(torch::allclose(ask(first), ask(second), 1e-2, 1e-2));
}

TEST_F(AnswersTest, ATeacherOfLargerPicturesGetsThemEnlarged) {
  recipe_.teacher = save_teacher("large", squares(6, 32));
  provide();
  EXPECT_EQ(load_answers(set_, recipe_).views, 3);
  recipe_.teacher = save_teacher("small", squares(6, 12));
  host::write_atomic(recipe_.teacher_answers, std::string_view("old"));
  EXPECT_THROW(make_answers(set_, recipe_, small_session(), {}), host::Error);
}

TEST_F(AnswersTest, WhatWasMadeForSomethingElseIsRefusedWithTheReason) {
  provide();
  EXPECT_EQ(refusal(), "it was taken");
  const Recipe good = recipe_;
  recipe_.views = 4;
  EXPECT_THAT(refusal(), HasSubstr("another number of views"));
  recipe_ = good, recipe_.augment.shift = 0.5f;
  EXPECT_THAT(refusal(), HasSubstr("altered otherwise"));
  recipe_ = good, recipe_.teacher = save_teacher("second", set_, 2);
  EXPECT_THAT(refusal(), HasSubstr("another teacher"));
  recipe_ = good, set_.sha256 = "of others";
  EXPECT_THAT(refusal(), HasSubstr("other pictures"));
}

TEST_F(AnswersTest, WhatHoldsNoAnswersIsRefused) {
  host::write_atomic(recipe_.teacher_answers, host::read_file(recipe_.teacher));
  EXPECT_THAT(refusal(), HasSubstr("no teacher's answers"));
  Answers answers = make_answers(set_, recipe_, small_session(), {});
  const Answers whole = answers;
  answers.rows.pop_back(), answers.logits.resize(answers.rows.size() * 9);
  save_answers(recipe_.teacher_answers, answers, circumstances_of(set_, recipe_));
  EXPECT_THAT(refusal(), HasSubstr("missing"));
  answers = whole, answers.logits[5] = std::numeric_limits<float>::quiet_NaN();
  save_answers(recipe_.teacher_answers, answers, circumstances_of(set_, recipe_));
  EXPECT_THAT(refusal(), HasSubstr("no numbers"));
  save_answers(recipe_.teacher_answers, whole, "[]");
  EXPECT_THAT(refusal(), HasSubstr("other pictures"));
}

TEST_F(AnswersTest, TheyAreMadeOnlyWhereTheyAreMissingAndATeacherIsNamed) {
  EXPECT_THROW(provide({.index = 0, .world = 2}), host::Error);
  EXPECT_TRUE(host::is_missing(recipe_.teacher_answers));
  recipe_.teacher.clear();
  EXPECT_THROW(provide(), host::Error);
  host::write_atomic(recipe_.teacher_answers, std::string_view("there"));
  provide();
  EXPECT_EQ(host::read_text(recipe_.teacher_answers), "there");
}

TEST_F(AnswersTest, SettingsThatExcludeEachOtherAreRefused) {
  EXPECT_NO_THROW(check(recipe_));
  Recipe wrong = recipe_;
  wrong.views = 0;
  EXPECT_THROW(check(wrong), host::Error);
  wrong = recipe_, wrong.no_augment = true;
  EXPECT_THROW(check(wrong), host::Error);
  wrong = recipe_, wrong.mixup = 0.2f;
  EXPECT_THROW(check(wrong), host::Error);
  wrong = recipe_, wrong.teacher_loss = "squared";
  EXPECT_THROW(check(wrong), host::Error);
}

}  // namespace
}  // namespace dimple::train
