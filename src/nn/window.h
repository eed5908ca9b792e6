// Windows and activations, said to libtorch.
#pragma once
#include "loops/sliding.h"
#include "nn/slot.h"

namespace dimple::nn {

// The window over these pictures, N x C x H x W; the graph was verified, so it fits.
inline loops::Sliding sliding(const torch::Tensor& x, const ops::Window& w) {
  ops::Shape out;
  w.slide({static_cast<int32_t>(x.size(2)), static_cast<int32_t>(x.size(3)), static_cast<int32_t>(x.size(1))}, out);
  return {x.size(0),  x.size(2),  x.size(3),  out.height, out.width, w.kernel_h,
          w.kernel_w, w.stride_h, w.stride_w, w.pad_top,  w.pad_left};
}

// libtorch pads both sides alike; what is uneven is padded beforehand.
inline bool even(const ops::Window& w) { return w.pad_top == w.pad_bottom && w.pad_left == w.pad_right; }

inline torch::Tensor pad(const torch::Tensor& x, const ops::Window& w, double value = 0) {
  return torch::constant_pad_nd(x, {w.pad_left, w.pad_right, w.pad_top, w.pad_bottom}, value);
}

inline torch::Tensor activate(const torch::Tensor& x, ops::Activation a) {
  if (a == ops::Activation::relu) return torch::relu(x);
  if (a == ops::Activation::relu6) return torch::clamp(x, 0, 6);
  return x;
}

// The sum is new, so the activation may overwrite it.
inline torch::Tensor add(const torch::Tensor& x, const torch::Tensor& y, ops::Activation then) {
  torch::Tensor sum = x + y;
  return then == ops::Activation::relu ? sum.relu_() : activate(sum, then);
}

// weight: libtorch's layout, out x in / groups x height x width.
inline torch::Tensor convolve(const Slot& slot, const torch::Tensor& weight, const ops::Window& w, int64_t groups) {
  const torch::Tensor x = even(w) ? slot.in[0] : pad(slot.in[0], w);
  const std::vector<int64_t> padding =
      even(w) ? std::vector<int64_t>{w.pad_top, w.pad_left} : std::vector<int64_t>{0, 0};
  return torch::conv2d(x, weight, slot.bias, std::vector<int64_t>{w.stride_h, w.stride_w}, padding,
                       std::vector<int64_t>{w.dilation_h, w.dilation_w}, groups);
}

}  // namespace dimple::nn
