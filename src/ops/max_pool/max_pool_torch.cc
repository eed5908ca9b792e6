#include "nn/window.h"

namespace dimple::ops {

torch::Tensor forward(const MaxPool& op, const nn::Slot& slot) {
  const Window& w = op.window;
  const torch::Tensor x = nn::pad(slot.in[0], w, -std::numeric_limits<float>::infinity());
  return torch::max_pool2d(x, {w.kernel_h, w.kernel_w}, {w.stride_h, w.stride_w});
}

}  // namespace dimple::ops
