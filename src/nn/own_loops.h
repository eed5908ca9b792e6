// When our own loops (loops/) run in libtorch's place, and the form of a value that they read.
#pragma once
#include "nn/precision.h"
#include "nn/torch.h"

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

}  // namespace dimple::nn
