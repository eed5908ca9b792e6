// What an operator sees of a network when it is run by libtorch. One overload of forward() per operator, in its own
// folder (<op>_torch.cc); a missing one does not link.
//
// Activations are N x C x H x W (channels last in memory); weights keep the graph's own layout, so that what is trained
// is, byte for byte, what is shipped.
#pragma once
#include <span>

#include "nn/torch.h"
#include "ops/op_list.h"

namespace dimple::nn {

struct Slot {
  std::span<const torch::Tensor> in;
  torch::Tensor weight, bias;
  bool training = false;
  const at::Generator* random = nullptr;  // for what is left to chance while training; the net's own, seeded per step
};

// A batch norm sees more (nn/product.h), and is alone in it.
struct NormSlot;
template <class Op>
using SlotOf = std::conditional_t<std::is_same_v<Op, ops::BatchNorm>, NormSlot, Slot>;

}  // namespace dimple::nn

namespace dimple::ops {

#define DIMPLE_X(Type, name) torch::Tensor forward(const Type&, const nn::SlotOf<Type>&);
DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X

}  // namespace dimple::ops
