#include "nn/slot.h"

namespace dimple::ops {
namespace {

// The mask is drawn on the processor from the net's own generator: threads that share libtorch's would make a training
// depend on which of them came first.
torch::Tensor drop(const nn::Slot& slot, float rate, at::IntArrayRef mask_sizes) {
  if (!slot.training || rate == 0) return slot.in[0];
  const double keep = 1.0 - double{rate};
  const torch::Tensor mask = torch::empty(mask_sizes).bernoulli_(keep, *slot.random).div_(keep);
  return slot.in[0] * mask.to(slot.in[0].options());
}

}  // namespace

torch::Tensor forward(const Dropout& op, const nn::Slot& slot) { return drop(slot, op.rate, slot.in[0].sizes()); }

torch::Tensor forward(const DropPath& op, const nn::Slot& slot) {
  return drop(slot, op.rate, {slot.in[0].size(0), 1, 1, 1});
}

}  // namespace dimple::ops
