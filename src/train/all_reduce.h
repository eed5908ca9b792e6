// The sum of a tensor over all ranks: the only message between processes that train together.
#pragma once
#include <memory>

#include "nn/torch.h"
#include "train/ranks.h"

namespace dimple::train {

class AllReduce {
 public:
  virtual ~AllReduce() = default;
  // In rank, and the same bits on every rank. A contiguous float tensor. Throws RankLost.
  virtual void sum(torch::Tensor& values) = 0;
};

// Waits for the others; every rank must call it. NCCL between GPUs where libtorch has it, else Gloo. Throws
// host::Error(Exit::failed) where libtorch was built without either.
std::unique_ptr<AllReduce> make_all_reduce(const Rank& rank, torch::Device device, double timeout_s);

}  // namespace dimple::train
