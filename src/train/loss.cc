#include "train/loss.h"

namespace dimple::train {

torch::Tensor batch_loss(const torch::Tensor& logits, const torch::Tensor& targets, const torch::Tensor& weights,
                         const torch::Tensor& teacher, const Recipe& recipe) {
  const torch::Tensor log_p = torch::log_softmax(logits, 1);
  torch::Tensor parts = targets * log_p;
  // Kept away from 0, where the power's slope is not finite for gamma below 1.
  if (recipe.focal_gamma > 0) parts = parts * (1 - log_p.exp()).clamp_min(1e-6).pow(recipe.focal_gamma);
  const torch::Tensor own = -parts.sum(1).mul(weights).sum();
  if (!teacher.defined()) return own;
  const double t = recipe.teacher_temperature;
  const torch::Tensor wanted = torch::log_softmax(teacher / t, 1), given = torch::log_softmax(logits / t, 1);
  const torch::Tensor apart = (wanted.exp() * (wanted - given)).sum(1).mul(weights).sum();
  return (1 - recipe.teacher_share) * own + recipe.teacher_share * t * t * apart;
}

}  // namespace dimple::train
