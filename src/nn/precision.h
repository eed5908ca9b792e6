// bfloat16 where it pays. On processors with AMX the convolutions of a training step run 1.6x faster in it; weights,
// gradients, batch statistics and the loss stay float.
#pragma once
#include <string>

#include "nn/torch.h"

namespace dimple::nn {

// While it lives, the calling thread's convolutions and dense layers run in bfloat16.
class MixedPrecision {
 public:
  MixedPrecision(bool on, torch::Device device);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  bool on_;
  torch::Device device_;
};

bool in_mixed_precision(torch::Device device);  // on this thread, now

// "f32", "bf16", or "auto": bf16 where the machine has fast bfloat16. Throws host::Error(Exit::usage) for others.
bool use_mixed_precision(const std::string& precision, torch::Device device);

}  // namespace dimple::nn
