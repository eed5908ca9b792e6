#include "train/teacher.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/error.h"
#include "host/own_folder_testing.h"
#include "model/model.h"
#include "train/squares_testing.h"
#include "train/trainer.h"

namespace dimple::train {
namespace {

class TeacherTest : public testing::Test {
 protected:
  TeacherTest() : set_(squares(96)), config_(small_config()) {
    config_.teacher = (host::own_folder() / "teacher.safetensors").string();
    model_.graph = small_net(set_), model_.labels = set_.labels;
    model_.preprocess.width = model_.preprocess.height = 16;
    model_.preprocess.normalise = image::Normalise::standardise;
    save();
  }
  void save() { model::save_model(config_.teacher, model_); }
  // Logits for the first rows, as they are.
  torch::Tensor ask(Teacher& teacher) {
    BatchMaker(set_, config_).make_plain(rows_, batch_);
    return teacher.logits(0, torch::from_blob(batch_.pictures.data(), {4, 16, 16, 1}).permute({0, 3, 1, 2}));
  }

  data::Dataset set_;
  TrainConfig config_;
  model::Model model_;
  Batch batch_;
  std::vector<int32_t> rows_{0, 1, 2, 6};
};

TEST_F(TeacherTest, AnswersAreMatchedByNameNotByPlace) {
  Teacher straight(set_, config_, torch::kCPU, 1);
  const torch::Tensor a = ask(straight);
  std::swap(model_.labels[0], model_.labels[2]);
  save();
  Teacher swapped(set_, config_, torch::kCPU, 1);
  const torch::Tensor b = ask(swapped);
  EXPECT_TRUE(torch::equal(a.select(1, 0), b.select(1, 2)));
  EXPECT_TRUE(torch::equal(a.select(1, 1), b.select(1, 1)));
}

TEST_F(TeacherTest, WhatItRemembersIsWhatItWouldSay) {
  Teacher teacher(set_, config_, torch::kCPU, 1);
  teacher.remember(BatchMaker(set_, config_), data::rows_of(set_, data::Split::train));
  const auto want = ask(teacher), known = teacher.recall(std::vector<int32_t>{0, 1 + 96, 2, 6});
  EXPECT_TRUE(torch::allclose(want, known, 1e-5, 1e-6));
}

TEST_F(TeacherTest, WhatDoesNotFitIsRefused) {
  model_.labels[1] = "centre";
  save();
  EXPECT_THROW(Teacher(set_, config_, torch::kCPU, 1), host::Error);
  model_.labels[1] = "middle", model_.preprocess.normalise = image::Normalise::offset;
  save();
  EXPECT_THROW(Teacher(set_, config_, torch::kCPU, 1), host::Error);
  config_.teacher = "/nosuch.safetensors";
  EXPECT_THROW(Teacher(set_, config_, torch::kCPU, 1), host::Error);
}

// The labels say nothing here (all targets alike); only the teacher knows.
TEST_F(TeacherTest, AStudentLearnsFromItAlone) {
  TrainConfig alone = config_;
  alone.teacher.clear(), alone.epochs = 12;
  const auto trainer = make_trainer(model_.graph, set_, alone);
  trainer->run({});
  model_.graph = trainer->averaged();
  save();
  data::Dataset blank = set_;
  blank.target.assign(blank.size() * 3, 1.0f / 3);
  TrainConfig config = config_;
  config.vote_share = 1, config.teacher_share = 0.95f, config.epochs = 12, config.teacher_temperature = 2;
  for (const bool no_augment : {false, true}) {
    config.no_augment = no_augment;
    double accuracy = 0;
    ir::Graph fresh = small_net(set_);
    make_trainer(fresh, blank, config)->run({.on_epoch = [&](const EpochRow& row, bool) { accuracy = row.val_acc; }});
    EXPECT_GT(accuracy, 0.9) << no_augment;
  }
}

}  // namespace
}  // namespace dimple::train
