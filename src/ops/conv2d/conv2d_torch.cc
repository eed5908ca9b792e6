#include "nn/level.h"
#include "nn/plain.h"
#include "nn/window.h"
#include "ops/conv2d/conv2d_torch_loops.h"

namespace dimple::ops {
DIMPLE_LOOPS(Conv2dLoops, conv2d_loops)

nn::ProductPtr product(const Conv2d& op, const nn::Slot& slot) {
  const torch::Tensor& x = slot.in[0];
  if (!nn::runs_here(x) || op.window.dilated() || slot.weight.numel() > nn::kMostWeightsHere) return {};
  const Conv2dSizes sizes{nn::sliding(x, op.window), x.size(1), op.out_channels};
  return c10::make_intrusive<nn::LoopedProduct<Conv2dSizes, Conv2dLoops>>(sizes, sizes.in, sizes.out, conv2d_loops());
}

torch::Tensor forward(const Conv2d& op, const nn::Slot& slot) {
  if (const nn::ProductPtr here = product(op, slot))
    return nn::activate(nn::multiply(here, slot.in[0], slot.weight, slot.bias), op.activation);
  return nn::activate(nn::convolve(slot, slot.weight.permute({0, 3, 1, 2}), op.window, 1), op.activation);
}

}  // namespace dimple::ops
