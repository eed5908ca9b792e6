#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Flatten&, const nn::Slot& slot) {
  return slot.in[0].permute({0, 2, 3, 1}).flatten(1).unsqueeze(-1).unsqueeze(-1);
}

}  // namespace dimple::ops
