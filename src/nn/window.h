// What slices share: windows and activations, said to libtorch; and when our own loops (loops/) run in its place, and
// the form of a value that they read.
#pragma once
#include "loops/convolution.h"
#include "nn/precision.h"
#include "nn/slot.h"

namespace dimple::nn {

// Floats on a processor. In mixed precision libtorch chooses the type of each operator, and runs it.
inline bool own_loops_fit(const torch::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat32 && !in_mixed_precision(x.device());
}

// A loop packs its weights anew at each call: where they outgrow the second-level cache, libtorch is faster.
inline constexpr int64_t kMaxOwnLoopWeights = 1 << 18;

// The same values, N x H x W x C in memory.
inline torch::Tensor nhwc(const torch::Tensor& x) { return x.contiguous(torch::MemoryFormat::ChannelsLast); }
inline torch::Tensor empty_nhwc(const torch::Tensor& like, int64_t channels, int64_t height, int64_t width) {
  return torch::empty({like.size(0), channels, height, width},
                      like.options().requires_grad(false).memory_format(torch::MemoryFormat::ChannelsLast));
}

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
