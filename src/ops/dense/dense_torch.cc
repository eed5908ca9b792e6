#include "nn/window.h"

namespace dimple::ops {

torch::Tensor forward(const Dense& op, const nn::Slot& slot) {
  // Rows of the weight count in NHWC order.
  const torch::Tensor row = slot.in[0].permute({0, 2, 3, 1}).flatten(1);
  return nn::activate(torch::linear(row, slot.weight, slot.bias), op.activation).unsqueeze(-1).unsqueeze(-1);
}

}  // namespace dimple::ops
