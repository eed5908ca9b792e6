#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Sigmoid&, const nn::Slot& slot) { return torch::sigmoid(slot.in[0]); }

}  // namespace dimple::ops
