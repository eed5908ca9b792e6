// The training loss, summed over the pictures of a batch.
#pragma once
#include "nn/torch.h"
#include "train/recipe.h"

namespace dimple::train {

// Cross-entropy with the targets, weighted by picture. focal_gamma above 0: each class's part times (1 - p)^gamma, so
// that pictures which are read well already count less. With a teacher's logits:
//   (1 - share) * the above + share * T^2 * KL(softmax(teacher / T) || softmax(logits / T))
// T^2, because the gradient of the second part shrinks with it. Undefined `teacher`: none.
torch::Tensor batch_loss(const torch::Tensor& logits, const torch::Tensor& targets, const torch::Tensor& weights,
                         const torch::Tensor& teacher, const Recipe& recipe);

}  // namespace dimple::train
