#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const Multiply&, const nn::Slot& slot) { return slot.in[0] * slot.in[1]; }

}  // namespace dimple::ops
