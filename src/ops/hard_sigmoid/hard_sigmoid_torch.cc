#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const HardSigmoid&, const nn::Slot& slot) { return torch::hardsigmoid(slot.in[0]); }

}  // namespace dimple::ops
