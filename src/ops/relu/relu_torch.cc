#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Relu&, const nn::Slot& slot) { return torch::relu(slot.in[0]); }

}  // namespace dimple::ops
