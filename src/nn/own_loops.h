// Whether a value may go to our own loops, and the form they want it in.
#pragma once
#include "nn/precision.h"
#include "nn/torch.h"

namespace dimple::nn {

// Floats on a processor. In mixed precision libtorch chooses the type of each operator, so all is left to it.
inline bool runs_here(const torch::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat32 && !in_mixed_precision(x.device());
}

// Weights are laid out anew at every call of a loop: where there are more of them than the near cache holds, libtorch
// is faster.
inline constexpr int64_t kMostWeightsHere = 1 << 18;

// The same values, N x H x W x C in memory.
inline torch::Tensor nhwc(const torch::Tensor& x) { return x.contiguous(torch::MemoryFormat::ChannelsLast); }
inline torch::Tensor empty_nhwc(const torch::Tensor& like, int64_t channels, int64_t height, int64_t width) {
  return torch::empty({like.size(0), channels, height, width},
                      like.options().requires_grad(false).memory_format(torch::MemoryFormat::ChannelsLast));
}

}  // namespace dimple::nn
