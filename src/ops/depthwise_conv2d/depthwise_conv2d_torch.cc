#include "nn/window.h"

namespace dimple::ops {

torch::Tensor forward(const DepthwiseConv2d& op, const nn::Slot& slot) {
  const torch::Tensor weight = slot.weight.permute({2, 0, 1}).unsqueeze(1);
  return nn::activate(nn::convolve(slot, weight, op.window, weight.size(0)), op.activation);
}

}  // namespace dimple::ops
