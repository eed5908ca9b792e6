#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const HardSwish&, const nn::Slot& slot) { return torch::hardswish(slot.in[0]); }

}  // namespace dimple::ops
