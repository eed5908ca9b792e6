#include "nn/run_plan.h"

#include "ir/traits.h"
#include "nn/fake_quantise.h"
#include "nn/product.h"
#include "nn/signs.h"
#include "nn/window.h"

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

// Weights as their codes, and the scale of each output channel.
struct CodeWeights {
  Tensor codes, scales;
};

CodeWeights code_weights(const Parameters& p, const RoundedWeight& form) {
  const Tensor scales = weight_scales(p.weight.detach(), form.channel_axis);
  return {in_steps(p.weight, scales), scales.flatten()};
}

// Of a codebook, whose entries are rounded on one scale for each group of channels.
CodeWeights code_weights(const Parameters& p) {
  const Tensor scales = weight_scales(p.weight.detach(), 0), entries = in_steps(p.weight, scales);
  const Tensor codes = entries.flatten().index_select(0, p.codes.flatten()).view(p.codes.sizes());
  const int64_t together = p.codes.size(0) / p.weight.size(0);
  return {codes, scales.flatten().repeat_interleave(together) * p.scale.flatten()};
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
    const Operation& o = step.run;
    const auto* const rounded_weight = std::get_if<RoundedWeight>(&o.weight);
    const auto* const coded_weight = std::get_if<CodedWeight>(&o.weight);
    Tensor y;
    if (rounded_weight && rounded_weight->in_range != kNoRange)
      y = in_codes(o, code_weights(pass_.parameters[o.node], *rounded_weight), rounded_weight->in_range);
    else if (coded_weight && coded_weight->rounded && coded_weight->in_range != kNoRange)
      y = in_codes(o, code_weights(pass_.parameters[o.node]), coded_weight->in_range);
    else
      y = forward(o.op, slot_of(o));
    value(step.out) = rounded(y, step.rounding);
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
    const Halves halves = rounding->keeps_codes ? Halves::often : Halves::rarely;
    return round_to_codes(x, scale_of(rounding->range), rounding->zero_point, halves);
  }

  // As an integer kernel does: whole numbers in, and sums that floats hold exactly. Training then rounds what the program
  // rounds, where the order of a sum of floats would decide about halves.
  Tensor in_codes(const Operation& o, const CodeWeights& w, ir::Value in_range) {
    const Tensor in_scale = scale_of(in_range).detach(), step = w.scales * in_scale;
    const Parameters& p = pass_.parameters[o.node];
    inputs_.assign(1, value_in_steps(value(o.in[0]), in_scale));
    const Slot slot{inputs_, w.codes, in_steps(p.bias, step), pass_.training && !o.frozen, pass_.random};
    ir::Op op = o.op;
    *ir::activation_in(op) = ops::Activation::none;
    const Tensor sums = forward(op, slot);
    std::vector<int64_t> along_channels(static_cast<size_t>(sums.dim()), 1);
    along_channels[1] = -1;
    return activate(sums * step.view(along_channels), ir::activation_of(o.op));
  }
  const Tensor& scale_of(ir::Value range) const { return pass_.scales[static_cast<size_t>(range)]; }

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
