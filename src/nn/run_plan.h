// A plan walked by libtorch, with gradients.
#pragma once
#include <vector>

#include "nn/plan.h"
#include "nn/torch.h"

namespace dimple::nn {

struct Parameters {
  torch::Tensor weight, bias;  // of codes, the weight is their codebook
  torch::Tensor statistics;    // the part of the weight that is gathered, not learned
  torch::Tensor scale;         // one per output channel: of codes, bits, and signs whose scale is learned
  torch::Tensor codes;         // that stand still: which element of the codebook each weight is; +1 or -1 of bits
};

struct Pass {
  const std::vector<Parameters>& parameters;  // by node
  const std::vector<torch::Tensor>& scales;   // by value: of its codes; undefined where it has none of its own
  bool training = false;
  const at::Generator* random = nullptr;
};

// The values as the graph numbers them; those that the plan never writes are undefined.
std::vector<torch::Tensor> run_plan(const Plan&, const Pass&, const torch::Tensor& x);

}  // namespace dimple::nn
