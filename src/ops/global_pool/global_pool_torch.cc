#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const GlobalAveragePool&, const nn::Slot& slot) {
  return slot.in[0].mean({2, 3}, /*keepdim=*/true);
}

torch::Tensor forward(const GlobalMaxPool&, const nn::Slot& slot) { return slot.in[0].amax({2, 3}, /*keepdim=*/true); }

}  // namespace dimple::ops
