#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Prelu&, const nn::Slot& slot) { return torch::prelu(slot.in[0], slot.weight); }

}  // namespace dimple::ops
