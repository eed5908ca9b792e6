// What a batch norm sees: its own parameters, and what stands before and behind it that its passes take in (nn/plan.h).
#pragma once
#include "nn/product.h"
#include "nn/torch.h"
#include "ops/shape.h"

namespace dimple::nn {

struct NormSlot {
  torch::Tensor in;
  torch::Tensor gamma, beta;  // 1 x channels; channels
  torch::Tensor statistics;   // 2 x channels: mean and variance, gathered and not learned
  bool training = false;      // false: normalises with what was gathered
  ops::Activation then = ops::Activation::none;
  // A convolution before the norm, which its passes compute block by block from `in`.
  ProductPtr product;
  torch::Tensor product_weight, product_bias;
  // What is added behind `then`, and what follows the sum.
  torch::Tensor shortcut;
  ops::Activation then_sum = ops::Activation::none;
};

}  // namespace dimple::nn
