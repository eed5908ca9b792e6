#include "nn/plain.h"
#include "nn/window.h"
#include "ops/conv2d/conv2d_torch_floats.h"

namespace dimple::ops {

torch::Tensor forward(const Conv2d& op, const nn::Slot& slot) {
  if (nn::runs_here(slot.in[0]) && !op.window.dilated())
    return nn::activate(convolve_floats(slot.in[0], slot.weight, slot.bias, op.window, op.out_channels), op.activation);
  return nn::activate(nn::convolve(slot, slot.weight.permute({0, 3, 1, 2}), op.window, 1), op.activation);
}

}  // namespace dimple::ops
