#include "nn/signs.h"

#include <numeric>

namespace dimple::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

std::vector<int64_t> other_axes(const Tensor& weight, int64_t channel_axis) {
  std::vector<int64_t> others(static_cast<size_t>(weight.dim()));
  std::iota(others.begin(), others.end(), int64_t{0});
  others.erase(others.begin() + channel_axis);
  return others;
}

Tensor signs_of(const Tensor& weight) { return (weight >= 0).to(weight.scalar_type()).mul_(2).sub_(1); }

struct SignOfWeight : torch::autograd::Function<SignOfWeight> {
  static Tensor forward(AutogradContext* context, const Tensor& weight, const Tensor& scale, int64_t channel_axis) {
    context->save_for_backward({weight});
    context->saved_data["scale_dims"] = scale.sizes().vec();
    context->saved_data["channel_axis"] = channel_axis;
    return signs_of(weight) * scale;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const Tensor weight = context->get_saved_variables()[0];
    Tensor of_scale;
    if (context->needs_input_grad(1))
      of_scale = (gradients[0] * signs_of(weight))
                     .sum(other_axes(weight, context->saved_data["channel_axis"].toInt()))
                     .reshape(context->saved_data["scale_dims"].toIntVector());
    return {gradients[0] * (weight.abs() <= 1).to(weight.scalar_type()), of_scale, Tensor()};
  }
};

}  // namespace

Tensor mean_magnitude(const Tensor& weight, int64_t channel_axis) {
  return weight.abs().mean(other_axes(weight, channel_axis), /*keepdim=*/true);
}

Tensor sign_of_weight(const Tensor& weight, int64_t channel_axis, const Tensor& scale) {
  if (!scale.defined()) return SignOfWeight::apply(weight, mean_magnitude(weight.detach(), channel_axis), channel_axis);
  std::vector<int64_t> dims(static_cast<size_t>(weight.dim()), 1);
  dims[static_cast<size_t>(channel_axis)] = -1;
  return SignOfWeight::apply(weight, scale.view(dims), channel_axis);
}

}  // namespace dimple::nn
