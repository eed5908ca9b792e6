#include "nn/slot.h"

namespace dimple::ops {

// The mask is drawn on the processor from the net's own generator: threads that share libtorch's would make a training
// depend on which of them came first.
torch::Tensor forward(const Dropout& op, const nn::Slot& slot) {
  if (!slot.training || op.rate == 0) return slot.in[0];
  const double keep = 1.0 - double{op.rate};
  const torch::Tensor mask = torch::empty(slot.in[0].sizes()).bernoulli_(keep, *slot.random).div_(keep);
  return slot.in[0] * mask.to(slot.in[0].options());
}

}  // namespace dimple::ops
