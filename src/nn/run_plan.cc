#include "nn/run_plan.h"

#include "nn/fake_quantise.h"
#include "nn/product.h"
#include "nn/signs.h"

namespace dimple::nn {
namespace {

using torch::Tensor;

Tensor formed(const Parameters& p, const LearnedWeight&) { return p.weight; }
Tensor formed(const Parameters& p, const RoundedWeight& form) { return fake_quantise(p.weight, form.channel_axis); }
Tensor formed(const Parameters& p, const SignWeight& form) {
  return sign_of_weight(p.weight, form.channel_axis, p.scale);
}
Tensor formed(const Parameters& p, const BitWeight&) {
  std::vector<int64_t> along_channels(static_cast<size_t>(p.codes.dim()), 1);
  along_channels[0] = -1;
  return p.codes * p.scale.view(along_channels);
}
Tensor formed(const Parameters& p, const CodedWeight& form) {
  const Tensor codebook = form.rounded ? fake_quantise(p.weight, 0) : p.weight;
  return codebook.flatten().index_select(0, p.codes.flatten()).view(p.codes.sizes()) * p.scale;
}

Tensor forward(const ir::Op& op, const Slot& slot) {
  return std::visit(
      [&](const auto& o) -> Tensor {
        if constexpr (requires { ops::forward(o, slot); })
          return ops::forward(o, slot);
        else
          return {};  // a batch norm is a NormStep
      },
      op);
}

// Null where the operator's slice does not offer one.
ProductPtr product_of(const ir::Op& op, const Slot& slot) {
  return std::visit(
      [&](const auto& o) -> ProductPtr {
        if constexpr (requires { ops::product(o, slot); })
          return ops::product(o, slot);
        else
          return {};
      },
      op);
}

class Walk {
 public:
  Walk(const Pass& pass, const Tensor& x) : pass_(pass), values_(pass.parameters.size() + 1) { values_[0] = x; }

  void operator()(const OperatorStep& step) {
    value(step.out) = rounded(forward(step.run.op, slot_of(step.run)), step.rounding);
  }

  void operator()(const NormStep& step) {
    const Parameters& p = pass_.parameters[step.norm.node];
    NormSlot slot{.gamma = p.weight, .beta = p.bias, .statistics = p.statistics};
    slot.training = pass_.training && !step.norm.frozen, slot.then = step.then;
    if (step.convolution)
      take_in(*step.convolution, slot);
    else
      slot.in = value(step.norm.in[0]);
    if (step.shortcut) slot.shortcut = value(step.shortcut->value), slot.then_sum = step.shortcut->then;
    value(step.out) = rounded(ops::forward(std::get<ops::BatchNorm>(step.norm.op), slot), step.rounding);
  }

  std::vector<Tensor> take_values() { return std::move(values_); }

 private:
  Tensor& value(ir::Value v) { return values_[static_cast<size_t>(v)]; }

  Tensor rounded(const Tensor& x, const std::optional<Rounding>& rounding) const {
    if (!rounding) return x;
    return round_to_codes(x, pass_.scales[static_cast<size_t>(rounding->range)], rounding->zero_point);
  }

  // Valid until the next one is made.
  Slot slot_of(const Operation& o) {
    inputs_.clear();
    for (const ir::Value v : o.in) inputs_.push_back(value(v));
    const Parameters& p = pass_.parameters[o.node];
    const Tensor weight = std::visit([&](const auto& form) { return formed(p, form); }, o.weight);
    return {inputs_, weight, p.bias, pass_.training && !o.frozen, pass_.random};
  }

  // A norm that gathers nothing reads its input once: it has no use for the convolution's blocks.
  void take_in(const Operation& convolution, NormSlot& slot) {
    const Slot own = slot_of(convolution);
    if (slot.training) slot.product = product_of(convolution.op, own);
    if (slot.product)
      slot.in = own.in[0], slot.product_weight = own.weight, slot.product_bias = own.bias;
    else
      slot.in = forward(convolution.op, own);
  }

  const Pass& pass_;
  std::vector<Tensor> values_, inputs_;
};

}  // namespace

std::vector<Tensor> run_plan(const Plan& plan, const Pass& pass, const Tensor& x) {
  Walk walk(pass, x.contiguous(torch::MemoryFormat::ChannelsLast));
  for (const Step& step : plan) std::visit(walk, step);
  return walk.take_values();
}

}  // namespace dimple::nn
