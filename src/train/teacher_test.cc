#include "train/teacher.h"

#include <gmock/gmock.h>

#include "host/error.h"
#include "host/own_folder_testing.h"
#include "ir/cost.h"
#include "model/model.h"
#include "train/squares_testing.h"

namespace dimple::train {
namespace {

class TeacherTest : public testing::Test {
 protected:
  TeacherTest() : set_(squares(96)), recipe_(small_recipe()) {
    recipe_.teacher = (host::own_folder() / "teacher.safetensors").string();
    model_.graph = small_net(set_), model_.labels = set_.labels;
    model_.preprocess.width = model_.preprocess.height = 16;
    model_.preprocess.normalise = image::Normalise::standardise;
    save();
  }
  void save() { model::save_model(recipe_.teacher, model_); }
  // Logits for the first rows, as they are.
  torch::Tensor ask(Teacher& teacher) {
    maker_.make_plain(rows_, batch_);
    return teacher.logits(0, torch::from_blob(batch_.pictures.data(), {4, 16, 16, 1}).permute({0, 3, 1, 2}));
  }

  data::Dataset set_;
  Recipe recipe_;
  const BatchMaker maker_{set_, recipe_};
  model::Model model_;
  Batch batch_;
  std::vector<int32_t> rows_{0, 1, 2, 6};
};

TEST_F(TeacherTest, AnswersAreMatchedByNameNotByPlace) {
  Teacher straight(maker_, torch::kCPU, {});
  const torch::Tensor a = ask(straight);
  std::swap(model_.labels[0], model_.labels[2]);
  save();
  Teacher swapped(maker_, torch::kCPU, {});
  const torch::Tensor b = ask(swapped);
  EXPECT_TRUE(torch::equal(a.select(1, 0), b.select(1, 2)));
  EXPECT_TRUE(torch::equal(a.select(1, 1), b.select(1, 1)));
}

TEST_F(TeacherTest, WhatItRemembersIsWhatItWouldSay) {
  Teacher teacher(maker_, torch::kCPU, {});
  teacher.fill_cache(data::rows_of(set_, data::Split::train));
  const auto want = ask(teacher), known = teacher.cached_logits(std::vector<int32_t>{0, 1 + 96, 2, 6});
  EXPECT_TRUE(torch::allclose(want, known, 1e-5, 1e-6));
}

TEST_F(TeacherTest, WhatDoesNotFitIsRefused) {
  model_.labels[1] = "centre";
  save();
  EXPECT_THROW(Teacher(maker_, torch::kCPU, {}), host::Error);
  model_.labels[1] = "middle", model_.preprocess.normalise = image::Normalise::offset;
  save();
  EXPECT_THROW(Teacher(maker_, torch::kCPU, {}), host::Error);
  recipe_.teacher = "/nosuch.safetensors";
  EXPECT_THROW(Teacher(maker_, torch::kCPU, {}), host::Error);
}

TEST_F(TeacherTest, OneThatAsksForTooMuchWorkIsRefusedAndTheLimitIsNamed) {
  const int64_t work = ir::work_of(model_.graph);
  try {
    Teacher(maker_, torch::kCPU, {.max_macs = work - 1});
    ADD_FAILURE() << "it was taken";
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    EXPECT_THAT(error.what(), testing::HasSubstr(recipe_.teacher + ": it asks for " + std::to_string(work)));
    EXPECT_EQ(error.hint(), "--max-macs " + std::to_string(work) + " allows it");
  }
  Teacher(maker_, torch::kCPU, {.max_macs = work});
}

// The labels say nothing here (all targets alike); only the teacher knows.
TEST_F(TeacherTest, AStudentLearnsFromItAlone) {
  Recipe alone = recipe_;
  alone.teacher.clear(), alone.epochs = 12;
  const auto trainer = small_trainer(set_, alone);
  trainer->run({});
  model_.graph = trainer->averaged();
  save();
  data::Dataset blank = set_;
  blank.target.assign(blank.size() * 3, 1.0f / 3);
  Recipe recipe = recipe_;
  recipe.vote_share = 1, recipe.teacher_share = 0.95f, recipe.epochs = 12, recipe.teacher_temperature = 2;
  for (const bool no_augment : {false, true}) {
    recipe.no_augment = no_augment;
    EXPECT_GT(run_all(*small_trainer(blank, recipe)).back().val_acc, 0.9) << no_augment;
  }
}

}  // namespace
}  // namespace dimple::train
