#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Sigmoid&, const nn::Slot& slot) { return torch::sigmoid(slot.in[0]); }

torch::Tensor forward(const Swish&, const nn::Slot& slot) { return torch::silu(slot.in[0]); }

torch::Tensor forward(const HardSigmoid&, const nn::Slot& slot) { return torch::hardsigmoid(slot.in[0]); }

torch::Tensor forward(const HardSwish&, const nn::Slot& slot) { return torch::hardswish(slot.in[0]); }

}  // namespace dimple::ops
