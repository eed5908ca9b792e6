#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Swish&, const nn::Slot& slot) { return torch::silu(slot.in[0]); }

}  // namespace dimple::ops
