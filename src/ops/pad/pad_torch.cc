#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Pad& op, const nn::Slot& slot) {
  return torch::constant_pad_nd(slot.in[0], {op.left, op.right, op.top, op.bottom}, 0);
}

}  // namespace dimple::ops
