// Optimisers over one flat tensor of weights: a step is a few long vector operations, and the whole state is two
// tensors.
#pragma once
#include <memory>
#include <string>

#include "nn/torch.h"

namespace dimple::train {

class Optimiser {
 public:
  virtual ~Optimiser() = default;
  // `decayed` is 1 where weight decay applies.
  virtual void step(torch::Tensor& weights, const torch::Tensor& gradients, const torch::Tensor& decayed,
                    double rate) = 0;
  // What a resumed training needs: one row per moment.
  virtual torch::Tensor state() const = 0;
  virtual void set_state(const torch::Tensor& state, int64_t steps) = 0;
};

// "adamw" (0.9, 0.999, decoupled decay) or "sgd" (Nesterov momentum 0.9); throws host::Error(Exit::usage) for others.
std::unique_ptr<Optimiser> make_optimiser(const std::string& name, const torch::Tensor& weights, double weight_decay);

}  // namespace dimple::train
