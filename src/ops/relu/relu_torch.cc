#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Relu&, const nn::Slot& slot) { return torch::relu(slot.in[0]); }

torch::Tensor forward(const Relu6&, const nn::Slot& slot) { return torch::clamp(slot.in[0], 0, 6); }

}  // namespace dimple::ops
