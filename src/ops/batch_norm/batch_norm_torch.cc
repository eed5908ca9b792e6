#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const BatchNorm& op, const nn::Slot& slot) {
  return torch::batch_norm(slot.in[0], slot.weight[0], slot.bias, slot.statistics[0], slot.statistics[1], slot.training,
                           op.momentum, op.epsilon, false);
}

}  // namespace dimple::ops
