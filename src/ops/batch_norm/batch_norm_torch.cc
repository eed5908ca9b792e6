#include "nn/level.h"
#include "nn/plain.h"
#include "nn/window.h"
#include "ops/activation.h"
#include "ops/batch_norm/batch_norm_torch_loops.h"

namespace dimple::ops {
DIMPLE_LOOPS(BatchNormLoops, batch_norm_loops)

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

BatchNormSizes sizes_of(const Tensor& x, Activation then) {
  const ClampFloats bounds = clamp_floats(then);
  return {x.numel() / x.size(1), x.size(1), bounds.low, bounds.high};
}

struct Trained : torch::autograd::Function<Trained> {
  static Tensor forward(AutogradContext* ctx, const Tensor& in, const Tensor& gamma, const Tensor& beta,
                        const Tensor& statistics, double epsilon, double momentum, int64_t then) {
    const Tensor x = nn::nhwc(in), y = torch::empty_like(x);
    const BatchNormSizes sizes = sizes_of(x, static_cast<Activation>(then));
    const Tensor mean = torch::empty_like(gamma), variance = torch::empty_like(gamma);
    batch_norm_loops().statistics(sizes, x.data_ptr<float>(), mean.data_ptr<float>(), variance.data_ptr<float>());
    const double n = static_cast<double>(sizes.pixels);
    statistics[0].lerp_(mean, momentum);
    statistics[1].lerp_(variance * (n / std::max(1.0, n - 1)), momentum);
    const Tensor inverse = (variance + epsilon).rsqrt_(), scale = gamma * inverse, shift = beta - mean * scale;
    batch_norm_loops().apply(sizes, x.data_ptr<float>(), scale.data_ptr<float>(), shift.data_ptr<float>(),
                             y.data_ptr<float>());
    ctx->save_for_backward({x, scale, shift, mean, inverse});
    ctx->saved_data["then"] = then;
    return y;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &scale = saved[1], &shift = saved[2], &mean = saved[3], &inverse = saved[4];
    const BatchNormSizes sizes = sizes_of(x, static_cast<Activation>(ctx->saved_data["then"].toInt()));
    const Tensor dy = nn::nhwc(gradients[0]), dx = torch::empty_like(x);
    const Tensor dbeta = torch::empty_like(scale), dgamma = torch::empty_like(scale);
    batch_norm_loops().gradient_sums(sizes, x.data_ptr<float>(), dy.data_ptr<float>(), scale.data_ptr<float>(),
                                     shift.data_ptr<float>(), mean.data_ptr<float>(), inverse.data_ptr<float>(),
                                     dbeta.data_ptr<float>(), dgamma.data_ptr<float>());
    batch_norm_loops().gradient(sizes, x.data_ptr<float>(), dy.data_ptr<float>(), scale.data_ptr<float>(),
                                shift.data_ptr<float>(), mean.data_ptr<float>(), inverse.data_ptr<float>(),
                                dbeta.data_ptr<float>(), dgamma.data_ptr<float>(), dx.data_ptr<float>());
    return {dx, dgamma, dbeta, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor forward(const BatchNorm& op, const nn::Slot& slot) {
  if (slot.training && nn::runs_here(slot.in[0]))
    return Trained::apply(slot.in[0], slot.weight[0], slot.bias, slot.statistics, double{op.epsilon},
                          double{op.momentum}, static_cast<int64_t>(slot.then));
  return nn::activate(torch::batch_norm(slot.in[0], slot.weight[0], slot.bias, slot.statistics[0], slot.statistics[1],
                                        slot.training, op.momentum, op.epsilon, false),
                      slot.then);
}

}  // namespace dimple::ops
