#include "train/batch_pass.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dimple::train {
namespace {

struct Case {
  torch::Tensor logits, targets, weights, teacher;
};

Case some() {
  torch::manual_seed(3);
  return {torch::randn({6, 4}), torch::softmax(torch::randn({6, 4}), 1), torch::rand({6}) + 0.5,
          2 * torch::randn({6, 4})};
}

TEST(Loss, IsCrossEntropyWhenNothingIsAskedFor) {
  const Case c = some();
  const torch::Tensor plain = -(c.targets * torch::log_softmax(c.logits, 1)).sum(1).mul(c.weights).sum();
  EXPECT_EQ(batch_loss(c.logits, c.targets, c.weights, {}, {}).item<float>(), plain.item<float>());
}

// One picture, two classes, p = 0.8 for the right one: -(1 - 0.8)^2 log 0.8.
TEST(Loss, FocalCountsWhatIsKnownLess) {
  Recipe recipe;
  recipe.focal_gamma = 2;
  const auto loss = [&](double p) {
    const float z = static_cast<float>(std::log(p / (1 - p)));
    return batch_loss(torch::tensor({{z, 0.0f}}), torch::tensor({{1.0f, 0.0f}}), torch::ones({1}), {}, recipe)
        .item<double>();
  };
  EXPECT_NEAR(loss(0.8), -0.04 * std::log(0.8), 1e-6);
  EXPECT_NEAR(loss(0.3), -0.49 * std::log(0.3), 1e-6);
}

TEST(Loss, ATeacherThatAgreesAddsNothing) {
  const Case c = some();
  Recipe recipe;
  recipe.teacher_share = 1;
  EXPECT_NEAR(batch_loss(c.logits, c.targets, c.weights, c.logits + 5, recipe).item<double>(), 0, 1e-5);
  EXPECT_GT(batch_loss(c.logits, c.targets, c.weights, c.teacher, recipe).item<double>(), 0.1);
}

TEST(Loss, SharesAddUp) {
  const Case c = some();
  Recipe recipe;
  const auto with = [&](float share) {
    recipe.teacher_share = share;
    return batch_loss(c.logits, c.targets, c.weights, c.teacher, recipe).item<double>();
  };
  EXPECT_NEAR(with(0.3f), 0.7 * with(0) + 0.3 * with(1), 1e-4);
}

TEST(Loss, GradientsAgreeWithFiniteDifferences) {
  const Case c = some();
  for (const double gamma : {0.0, 0.5, 2.0}) {
    Recipe recipe;
    recipe.focal_gamma = static_cast<float>(gamma), recipe.teacher_share = 0.4f;
    const auto as_double = [](const torch::Tensor& t) { return t.to(torch::kFloat64); };
    const torch::Tensor z = as_double(c.logits).requires_grad_();
    const auto loss = [&](const torch::Tensor& at) {
      return batch_loss(at, as_double(c.targets), as_double(c.weights), as_double(c.teacher), recipe);
    };
    loss(z).backward();
    const torch::Tensor direction = torch::randn_like(z);
    const torch::NoGradGuard no_grad;
    const double slope = (loss(z + 1e-5 * direction) - loss(z - 1e-5 * direction)).item<double>() / 2e-5;
    EXPECT_NEAR(slope, (z.grad() * direction).sum().item<double>(), 1e-5 * std::abs(slope) + 1e-7) << gamma;
  }
}

}  // namespace
}  // namespace dimple::train
