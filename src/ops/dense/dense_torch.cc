#include "nn/plain.h"
#include "nn/window.h"
#include "ops/conv2d/conv2d_torch_floats.h"

namespace dimple::ops {

torch::Tensor forward(const Dense& op, const nn::Slot& slot) {
  // Rows of the weight count in NHWC order.
  const torch::Tensor row = slot.in[0].permute({0, 2, 3, 1}).flatten(1);
  if (nn::runs_here(row))
    return nn::activate(convolve_floats(row.unsqueeze(-1).unsqueeze(-1), slot.weight, slot.bias, {}, slot.bias.size(0)),
                        op.activation);
  return nn::activate(torch::linear(row, slot.weight, slot.bias), op.activation).unsqueeze(-1).unsqueeze(-1);
}

}  // namespace dimple::ops
