#include "host/error.h"
#include "nn/slot.h"

namespace dimple::ops {
namespace {

// Integer graphs are made from trained ones and are not trained again.
[[noreturn]] void refuse_to_train() {
  throw host::Error(host::Exit::model, "an integer graph cannot be trained",
                    "train its float parent and quantise that again");
}

}  // namespace

torch::Tensor forward(const Quantise&, const nn::Slot&) { refuse_to_train(); }

torch::Tensor forward(const Dequantise&, const nn::Slot&) { refuse_to_train(); }

}  // namespace dimple::ops
