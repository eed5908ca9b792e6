// bfloat16 where it pays. On processors with AMX convolutions run faster in it, but for depthwise ones, which libtorch
// is slow with: nets of those train twice as fast in floats. With AVX-512's bfloat16 alone libtorch beats itself, but
// not our own loops in floats. Weights, gradients, batch statistics and the loss stay float.
#pragma once
#include <string>
#include <string_view>

#include "ir/graph.h"
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

// Whether a processor with these features (host/processor.h) trains this net faster in bfloat16.
bool is_faster_in_bf16(const ir::Graph&, std::string_view features);

// "f32", "bf16", or "auto": bf16 where the machine is faster with this net in it. Throws host::Error(Exit::usage) for
// others.
bool use_mixed_precision(const std::string& precision, torch::Device device, const ir::Graph&);

}  // namespace dimple::nn
