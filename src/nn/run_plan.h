// A plan walked by libtorch, with gradients.
#pragma once
#include <vector>

#include "nn/plan.h"
#include "nn/torch.h"

namespace dimple::nn {

struct Parameters {
  torch::Tensor weight, bias;
  torch::Tensor statistics;  // the part of the weight that is gathered, not learned
};

struct Pass {
  const std::vector<Parameters>& parameters;  // by node
  bool training = false;
  const at::Generator* random = nullptr;
};

// The values as the graph numbers them; those that the plan never writes are undefined.
std::vector<torch::Tensor> run_plan(const Plan&, const Pass&, const torch::Tensor& x);

}  // namespace dimple::nn
