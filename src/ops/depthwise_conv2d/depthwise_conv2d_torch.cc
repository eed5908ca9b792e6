#include "loops/level.h"
#include "nn/product.h"
#include "nn/window.h"

namespace dimple::ops {

nn::ProductPtr product(const DepthwiseConv2d& op, const nn::Slot& slot) {
  const torch::Tensor& x = slot.in[0];
  if (!nn::own_loops_fit(x) || op.window.dilated()) return {};
  const loops::DepthwiseSizes sizes{nn::sliding(x, op.window), x.size(1)};
  return c10::make_intrusive<nn::LoopedProduct<loops::DepthwiseSizes, loops::DepthwiseLoops>>(
      sizes, sizes.channels, sizes.channels, loops::depthwise_loops());
}

torch::Tensor forward(const DepthwiseConv2d& op, const nn::Slot& slot) {
  if (const nn::ProductPtr own = product(op, slot))
    return nn::activate(nn::multiply(own, slot.in[0], slot.weight, slot.bias), op.activation);
  const torch::Tensor weight = slot.weight.permute({2, 0, 1}).unsqueeze(1);
  return nn::activate(nn::convolve(slot, weight, op.window, weight.size(0)), op.activation);
}

}  // namespace dimple::ops
