#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Softmax&, const nn::Slot& slot) { return torch::softmax(slot.in[0], 1); }

}  // namespace dimple::ops
