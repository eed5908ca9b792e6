#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Concat&, const nn::Slot& slot) {
  return torch::cat(at::TensorList(slot.in.data(), slot.in.size()), 1);
}

}  // namespace dimple::ops
