#include "loops/level.h"
#include "nn/product.h"
#include "nn/window.h"

namespace dimple::ops {

nn::ProductPtr product(const Conv2d& op, const nn::Slot& slot) {
  const torch::Tensor& x = slot.in[0];
  if (!nn::own_loops_fit(x) || op.window.dilated() || slot.weight.numel() > nn::kMaxOwnLoopWeights) return {};
  const loops::Conv2dSizes sizes{nn::sliding(x, op.window), x.size(1), op.out_channels};
  return c10::make_intrusive<nn::LoopedProduct<loops::Conv2dSizes, loops::Conv2dLoops>>(sizes, sizes.in, sizes.out,
                                                                                        loops::conv2d_loops());
}

torch::Tensor forward(const Conv2d& op, const nn::Slot& slot) {
  if (const nn::ProductPtr own = product(op, slot))
    return nn::activate(nn::multiply(own, slot.in[0], slot.weight, slot.bias), op.activation);
  return nn::activate(nn::convolve(slot, slot.weight.permute({0, 3, 1, 2}), op.window, 1), op.activation);
}

}  // namespace dimple::ops
