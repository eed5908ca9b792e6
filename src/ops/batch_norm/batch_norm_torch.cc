#include "nn/slot.h"

namespace dimple::ops {

// Momentum 0.1 on gathered means and variances, as the field trains.
torch::Tensor forward(const BatchNorm& op, const nn::Slot& slot) {
  constexpr double kMomentum = 0.1;
  return torch::batch_norm(slot.in[0], slot.weight[0], slot.bias, slot.statistics[0], slot.statistics[1], slot.training,
                           kMomentum, op.epsilon, false);
}

}  // namespace dimple::ops
