#include "train/train_state.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/error.h"

namespace dimple::train {
namespace {

TEST(Optimiser, SgdTakesNesterovStepsAndDecaysOnlyWhatDecays) {
  torch::Tensor w = torch::tensor({1.0f, 1.0f});
  const torch::Tensor g = torch::tensor({0.5f, 0.5f}), decayed = torch::tensor({1.0f, 0.0f});
  auto sgd = make_optimiser("sgd", w, 0.1);
  sgd->step(w, g, decayed, 0.1);  // pull 0.6 and 0.5, velocity the same: w -= 0.1 * (pull + 0.9 * velocity)
  EXPECT_NEAR(w[0].item<double>(), 1 - 0.1 * (0.6 + 0.54), 1e-6);
  EXPECT_NEAR(w[1].item<double>(), 1 - 0.1 * (0.5 + 0.45), 1e-6);
}

TEST(Optimiser, AdamwsFirstStepIsTheRateWhateverTheGradient) {
  torch::Tensor w = torch::tensor({1.0f, 1.0f});
  auto adam = make_optimiser("adamw", w, 0);
  adam->step(w, torch::tensor({1e-3f, -50.0f}), torch::zeros({2}), 0.01);
  EXPECT_NEAR(w[0].item<double>(), 0.99, 1e-5);
  EXPECT_NEAR(w[1].item<double>(), 1.01, 1e-5);
}

TEST(Optimiser, AnUnknownNameIsAUsageError) {
  EXPECT_THROW(make_optimiser("magic", torch::zeros({1}), 0), host::Error);
}

// With a gradient that never changes, both moments agree and a step is the rate times its sign; the decay does not go
// through the moments (that is what "decoupled" means). So w' = q w - rate * sign, q = 1 - rate * decay, and after n
// steps w = q^n w0 - rate * sign * (1 - q^n) / (1 - q).
TEST(Optimiser, AdamwDecaysBesideTheMoments) {
  constexpr double kRate = 0.01, kDecay = 0.3;
  constexpr int kSteps = 50;
  torch::Tensor w = torch::tensor({2.0f, 2.0f, -1.0f, 2.0f});
  const torch::Tensor g = torch::tensor({0.7f, -30.0f, 1e-3f, 0.0f}), decayed = torch::tensor({1.0f, 1.0f, 1.0f, 1.0f});
  auto adam = make_optimiser("adamw", w, kDecay);
  for (int i = 0; i < kSteps; ++i) adam->step(w, g, decayed, kRate);
  const double q = 1 - kRate * kDecay, faded = std::pow(q, kSteps);
  const double start[] = {2, 2, -1, 2}, sign[] = {1, -1, 1, 0};
  for (int k = 0; k < 4; ++k)
    EXPECT_NEAR(w[k].item<double>(), faded * start[k] - kRate * sign[k] * (1 - faded) / (1 - q), 2e-5) << k;
}

}  // namespace
}  // namespace dimple::train
