// d sign(u) / du, as training has it: 2 - 2 |u| where |u| < 1, else 0. It is the slope of a curve from -1 to 1 that is
// steepest at 0; what lies far from the threshold does not move it.
#include "nn/slot.h"

namespace dimple::ops {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct SignWithSurrogate : torch::autograd::Function<SignWithSurrogate> {
  static Tensor forward(AutogradContext* context, const Tensor& u) {
    context->save_for_backward({u});
    return torch::where(u >= 0, 1.0f, -1.0f).to(u.scalar_type());
  }
  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const Tensor u = context->get_saved_variables()[0];
    return {gradients[0] * (2 - 2 * u.abs()).clamp_min(0)};
  }
};

}  // namespace

torch::Tensor forward(const Sign&, const nn::Slot& slot) {
  return SignWithSurrogate::apply(slot.in[0] + slot.bias.view({1, -1, 1, 1}));
}

}  // namespace dimple::ops
