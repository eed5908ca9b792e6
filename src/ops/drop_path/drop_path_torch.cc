#include "nn/slot.h"

namespace dimple::ops {

// One draw a picture, from the net's own generator (see dropout_torch.cc).
torch::Tensor forward(const DropPath& op, const nn::Slot& slot) {
  if (!slot.training || op.rate == 0) return slot.in[0];
  const double keep = 1.0 - double{op.rate};
  const torch::Tensor mask = torch::empty({slot.in[0].size(0), 1, 1, 1}).bernoulli_(keep, *slot.random).div_(keep);
  return slot.in[0] * mask.to(slot.in[0].options());
}

}  // namespace dimple::ops
