// A convolution for training on a processor: its three products, on any number of pictures at a time, floats that lie
// N x H x W x C in memory. A slice offers one (ops::product), and the batch norm behind it computes it block by block,
// so that each block is still in the cache when the norm reads it.
#pragma once
#include "nn/slot.h"
#include "nn/torch.h"

namespace dimple::nn {

struct Product : torch::CustomClassHolder {
  int64_t pictures = 0, in_floats = 0;  // how many in all; floats of each
  int64_t out_channels = 0, out_height = 0, out_width = 0;

  int64_t out_floats() const { return out_channels * out_height * out_width; }

  virtual void forward(int64_t pictures, const float* x, const float* weight, const float* bias, float* y) const = 0;
  virtual void input_gradient(int64_t pictures, const float* dy, const float* weight, float* dx) const = 0;
  // Written, not added; dbias may be null.
  virtual void weight_gradient(int64_t pictures, const float* x, const float* dy, float* dweight,
                               float* dbias) const = 0;
};
using ProductPtr = c10::intrusive_ptr<Product>;

// By the loops of a slice. Sizes: pictures, height, width, out_height, out_width and the window.
template <class Sizes, class Loops>
struct LoopedProduct final : Product {
  LoopedProduct(const Sizes& s, int64_t in, int64_t out, const Loops& l) : sizes(s), loops(l) {
    pictures = s.pictures, in_floats = in * s.height * s.width;
    out_channels = out, out_height = s.out_height, out_width = s.out_width;
  }
  void forward(int64_t n, const float* x, const float* weight, const float* bias, float* y) const override {
    loops.forward(of(n), x, weight, bias, y);
  }
  void input_gradient(int64_t n, const float* dy, const float* weight, float* dx) const override {
    loops.input_gradient(of(n), dy, weight, dx);
  }
  void weight_gradient(int64_t n, const float* x, const float* dy, float* dweight, float* dbias) const override {
    loops.weight_gradient(of(n), x, dy, dweight, dbias);
  }
  Sizes of(int64_t n) const {
    Sizes some = sizes;
    some.pictures = n;
    return some;
  }

  Sizes sizes;
  const Loops& loops;
};

// What a batch norm sees: its own parameters, and what stands before and behind it that its passes take in (nn/plan.h).
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

// The product of x (N x C x H x W), a weight as the slice keeps it, and a bias, as autograd sees it.
torch::Tensor multiply(const ProductPtr& product, const torch::Tensor& x, const torch::Tensor& weight,
                       const torch::Tensor& bias);

}  // namespace dimple::nn

namespace dimple::ops {

// What an operator computes before its activation; null where it has to be left to libtorch.
nn::ProductPtr product(const Conv2d&, const nn::Slot&);
nn::ProductPtr product(const DepthwiseConv2d&, const nn::Slot&);

}  // namespace dimple::ops
