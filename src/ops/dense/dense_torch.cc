#include "nn/window.h"

namespace dimple::ops {

torch::Tensor forward(const Dense& op, const nn::Slot& slot) {
  // Rows of the weight count in NHWC order.
  const torch::Tensor row = slot.in[0].permute({0, 2, 3, 1}).flatten(1);
  if (nn::own_loops_fit(row)) {  // a convolution of a single pixel: also in libtorch faster than what BLAS there may be
    const torch::Tensor pixel = row.unsqueeze(-1).unsqueeze(-1);
    nn::Slot there = slot;
    there.in = {&pixel, 1};
    there.weight = slot.weight.view({slot.bias.size(0), 1, 1, -1});
    return forward(Conv2d{.out_channels = static_cast<int32_t>(slot.bias.size(0)), .activation = op.activation}, there);
  }
  return nn::activate(torch::linear(row, slot.weight, slot.bias), op.activation).unsqueeze(-1).unsqueeze(-1);
}

}  // namespace dimple::ops
