#include "nn/window.h"

namespace dimple::ops {

torch::Tensor forward(const Conv2d& op, const nn::Slot& slot) {
  return nn::activate(nn::convolve(slot, slot.weight.permute({0, 3, 1, 2}), op.window, 1), op.activation);
}

}  // namespace dimple::ops
