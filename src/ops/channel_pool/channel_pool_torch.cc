#include "nn/slot.h"

namespace dimple::ops {

torch::Tensor forward(const ChannelMean&, const nn::Slot& slot) { return slot.in[0].mean(1, /*keepdim=*/true); }

torch::Tensor forward(const ChannelMax&, const nn::Slot& slot) { return slot.in[0].amax(1, /*keepdim=*/true); }

}  // namespace dimple::ops
