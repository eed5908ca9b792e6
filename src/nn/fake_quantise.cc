#include "nn/fake_quantise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dimple::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

}  // namespace

Tensor weight_scales(const Tensor& weight, int64_t channel_axis) {
  std::vector<int64_t> others(static_cast<size_t>(weight.dim()));
  std::iota(others.begin(), others.end(), int64_t{0});
  others.erase(others.begin() + channel_axis);
  const Tensor limit = weight.abs().amax(others, /*keepdim=*/true).to(torch::kFloat64);
  return (limit / 127).clamp_min(1e-12).to(torch::kFloat32);
}

namespace {

Tensor round_half_away(const Tensor& exact) { return torch::trunc(exact + 0.5 * exact.sign()); }

// round(x / step), with the slope of x / step.
struct InSteps : torch::autograd::Function<InSteps> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& step) {
    context->save_for_backward({step});
    return round_half_away(x.to(torch::kFloat64) / step.to(torch::kFloat64)).to(x.scalar_type());
  }
  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    return {gradients[0] / context->get_saved_variables()[0], Tensor()};
  }
};

// The same for values, which are codes already: nothing is a half.
struct ValueInSteps : torch::autograd::Function<ValueInSteps> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& step) {
    context->save_for_backward({step});
    return torch::round(x / step);
  }
  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    return {gradients[0] / context->get_saved_variables()[0], Tensor()};
  }
};

struct FakeQuantised : torch::autograd::Function<FakeQuantised> {
  static Tensor forward(AutogradContext*, const Tensor& weight, int64_t channel_axis) {
    const Tensor scale = weight_scales(weight, channel_axis),
                 exact = weight.to(torch::kFloat64) / scale.to(torch::kFloat64);
    const Tensor codes = torch::trunc(exact + 0.5 * exact.sign());  // torch::round takes halves to even codes
    return codes.to(torch::kFloat32) * scale;
  }

  static tensor_list backward(AutogradContext*, tensor_list gradients) { return {gradients[0], Tensor()}; }
};

constexpr float half_of(Halves halves) { return halves == Halves::often ? 0.5f + 1.0f / 16384 : 0.5f; }

// Along memory, in whatever order the elements lie there.
struct CodesOf {
  float scale, zero_point, half;

  // Truncation, which compilers know to vectorise everywhere, and one less where that went up.
  float operator()(float x) const {
    const float wanted = std::min(std::max(x / scale + half, -1024.0f), 1024.0f);
    const auto whole = static_cast<float>(static_cast<int32_t>(wanted));
    return std::min(std::max((whole > wanted ? whole - 1 : whole) + zero_point, -128.0f), 127.0f) - zero_point;
  }
};

struct RoundedToCodes : torch::autograd::Function<RoundedToCodes> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& scale, int64_t zero_point,
                        double half) {
    context->save_for_backward({x, scale});
    context->saved_data["half"] = half;
    context->saved_data["zero_point"] = zero_point;
    if (!own_loop_fits(x)) return codes_of(x, scale, zero_point, half) * scale;
    const CodesOf codes{scale.item<float>(), static_cast<float>(zero_point), static_cast<float>(half)};
    Tensor out = torch::empty_like(x);
    const float* from = x.data_ptr<float>();
    float* to = out.data_ptr<float>();
    const int64_t count = x.numel();
    for (int64_t i = 0; i < count; ++i) to[i] = codes.scale * codes(from[i]);
    return out;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &x = saved[0], &scale = saved[1];
    const int64_t zero_point = context->saved_data["zero_point"].toInt();
    const double half = context->saved_data["half"].toDouble();
    const double share = 1 / std::sqrt(127.0 * static_cast<double>(x.numel()));
    const bool learned = context->needs_input_grad(1);
    const Tensor dy = gradients[0].contiguous(x.suggest_memory_format());
    if (!own_loop_fits(x) || !own_loop_fits(dy) || dy.strides() != x.strides()) {
      const Tensor codes = codes_of(x, scale, zero_point, half), exact = x / scale;
      const Tensor inside = (torch::floor(exact + half) == codes).to(x.scalar_type());
      Tensor of_scale;
      if (learned) of_scale = ((codes - inside * exact) * dy).sum().mul(share).reshape(scale.sizes());
      return {dy * inside, of_scale, Tensor(), Tensor()};
    }
    const CodesOf codes{scale.item<float>(), static_cast<float>(zero_point), static_cast<float>(half)};
    Tensor dx = torch::empty_like(x);
    const float *from = x.data_ptr<float>(), *given = dy.data_ptr<float>();
    float* to = dx.data_ptr<float>();
    const float low = -128 - codes.zero_point, high = 127 - codes.zero_point;
    const int64_t count = x.numel();
    const auto is_inside = [&](float exact) { return exact >= low - codes.half && exact < high + 1 - codes.half; };
    for (int64_t i = 0; i < count; ++i) to[i] = is_inside(from[i] / codes.scale) ? given[i] : 0.0f;
    Tensor of_scale;
    if (learned) {
      double sum = 0;
      for (int64_t i = 0; i < count; ++i) {
        const float exact = from[i] / codes.scale;
        sum += static_cast<double>(given[i] * (codes(from[i]) - (is_inside(exact) ? exact : 0.0f)));
      }
      of_scale = torch::full_like(scale, sum * share);
    }
    return {dx, of_scale, Tensor(), Tensor()};
  }

 private:
  static bool own_loop_fits(const Tensor& x) {
    return x.is_cpu() && x.scalar_type() == torch::kFloat32 && x.is_non_overlapping_and_dense();
  }
  // Less the zero point.
  static Tensor codes_of(const Tensor& x, const Tensor& scale, int64_t zero_point, double half) {
    return torch::clamp(torch::floor(x / scale + half), -128.0 - static_cast<double>(zero_point),
                        127.0 - static_cast<double>(zero_point));
  }
};

}  // namespace

Tensor in_steps(const Tensor& x, const Tensor& step) { return InSteps::apply(x, step); }
Tensor value_in_steps(const Tensor& x, const Tensor& scale) { return ValueInSteps::apply(x, scale); }

Tensor round_to_codes(const Tensor& x, const Tensor& scale, int32_t zero_point, Halves halves) {
  return RoundedToCodes::apply(x, scale, zero_point, static_cast<double>(half_of(halves)));
}

Tensor fake_quantise(const Tensor& weight, int64_t channel_axis) { return FakeQuantised::apply(weight, channel_axis); }

}  // namespace dimple::nn
