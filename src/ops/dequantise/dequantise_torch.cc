#include "host/error.h"
#include "nn/slot.h"

namespace dimple::ops {

// Integer graphs are made from trained ones and are not trained again.
torch::Tensor forward(const Dequantise&, const nn::Slot&) {
  throw host::Error(host::Exit::model, "an integer graph cannot be trained",
                    "train its float parent and quantise that again");
}

}  // namespace dimple::ops
