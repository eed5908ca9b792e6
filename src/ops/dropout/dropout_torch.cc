#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Dropout& op, const nn::Slot& slot) {
  return torch::dropout(slot.in[0], op.rate, slot.training);
}

}  // namespace dimple::ops
