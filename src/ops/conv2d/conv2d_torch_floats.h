// The convolution of conv2d_torch_loops.h as libtorch's autograd sees it. A dense layer is one of a single pixel.
#pragma once
#include "nn/torch.h"
#include "ops/shape.h"

namespace dimple::ops {

// x: N x C x H x W floats; weight: out x kernel_h x kernel_w x in, bias: out.
torch::Tensor convolve_floats(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                              const Window& window, int64_t out_channels);

}  // namespace dimple::ops
