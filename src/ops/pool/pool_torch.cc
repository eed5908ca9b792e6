#include "nn/window.h"

namespace dimple::ops {

// Where padding is not counted, sums are divided by how many pixels of the picture lie under the window.
torch::Tensor forward(const AveragePool& op, const nn::Slot& slot) {
  const Window& w = op.window;
  const auto mean = [&](const torch::Tensor& x) {
    return torch::avg_pool2d(nn::pad(x, w), {w.kernel_h, w.kernel_w}, {w.stride_h, w.stride_w});
  };
  const torch::Tensor& x = slot.in[0];
  if (op.count_include_pad || w.pad_top + w.pad_left + w.pad_bottom + w.pad_right == 0) return mean(x);
  return mean(x) / mean(torch::ones({1, 1, x.size(2), x.size(3)}, x.options()));
}

torch::Tensor forward(const MaxPool& op, const nn::Slot& slot) {
  const Window& w = op.window;
  const torch::Tensor x = nn::pad(slot.in[0], w, -std::numeric_limits<float>::infinity());
  return torch::max_pool2d(x, {w.kernel_h, w.kernel_w}, {w.stride_h, w.stride_w});
}

}  // namespace dimple::ops
