#include "nn/fake_quantise.h"

#include <numeric>

namespace dimple::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// One scale per output channel, in the weight's dimensions.
Tensor scales_of(const Tensor& weight, int64_t channel_axis) {
  std::vector<int64_t> others(static_cast<size_t>(weight.dim()));
  std::iota(others.begin(), others.end(), int64_t{0});
  others.erase(others.begin() + channel_axis);
  const Tensor limit = weight.abs().amax(others, /*keepdim=*/true).to(torch::kFloat64);
  return (limit / 127).clamp_min(1e-12).to(torch::kFloat32);
}

struct FakeQuantised : torch::autograd::Function<FakeQuantised> {
  static Tensor forward(AutogradContext*, const Tensor& weight, int64_t channel_axis) {
    const Tensor scale = scales_of(weight, channel_axis),
                 exact = weight.to(torch::kFloat64) / scale.to(torch::kFloat64);
    const Tensor codes = torch::trunc(exact + 0.5 * exact.sign());  // torch::round takes halves to even codes
    return codes.to(torch::kFloat32) * scale;
  }

  static tensor_list backward(AutogradContext*, tensor_list gradients) { return {gradients[0], Tensor()}; }
};

}  // namespace

Tensor fake_quantise(const Tensor& weight, int64_t channel_axis) { return FakeQuantised::apply(weight, channel_axis); }

}  // namespace dimple::nn
