#include "nn/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "edit/surgery.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::nn {
namespace {

using ops::Activation;

ir::Value written_by(const Step& step) {
  return std::visit([](const auto& s) { return s.out; }, step);
}

// The step that writes a value, by its place; -1 for the graph's input, which is there before any step.
std::ptrdiff_t writer_of(const Plan& plan, ir::Value value) {
  return value == ir::kInput ? -1 : std::ranges::find(plan, value, written_by) - plan.begin();
}

// What was fused in front of a rounding would not be rounded.
bool is_rounded(const Step& step) {
  return std::visit([](const auto& s) { return s.rounding.has_value(); }, step);
}

void erase(Plan& plan, size_t step) { plan.erase(plan.begin() + static_cast<std::ptrdiff_t>(step)); }

// Of a step that is an activation and nothing else.
Activation activation_alone(const Step& step) {
  const auto* s = std::get_if<OperatorStep>(&step);
  return s && ir::is_activation(s->run.op) ? ir::activation_of(s->run.op) : Activation::none;
}

// What a step can apply behind its norm or its sum; null for other steps.
Activation* activation_behind(Step& step) {
  if (auto* norm = std::get_if<NormStep>(&step)) return &norm->then;
  auto* add = std::get_if<ops::Add>(&std::get<OperatorStep>(step).run.op);
  return add ? &add->activation : nullptr;
}

// A convolution whose slice has an ops::product (nn/product.h), and that hands the norm its sums as they are.
bool fits_in_norm(const ir::Op& op) {
  return ir::is_purely_linear(op) &&
         (std::holds_alternative<ops::Conv2d>(op) || std::holds_alternative<ops::DepthwiseConv2d>(op));
}

// Of operators that are not linear, a slope of PReLU say, each channel's weight is alone on its scale: nothing is rounded.
WeightForm form_of_weight(const ir::Graph& graph, const ir::Node& node, const ops::Dims& dims) {
  if (!ir::is_linear(node.op)) return LearnedWeight{};
  const ir::Tensor* const weight = graph.constant(node.name, "weight");
  if (weight && weight->dtype == DType::b1) return BitWeight{};
  const ir::Value in = node.inputs[0];
  const ir::Value in_range = graph.type_of(in).has_codes() ? range_of(graph, in) : kNoRange;
  if (weight && ir::is_packed(*weight)) return CodedWeight{node.type.has_codes(), in_range};
  int axis = 0;
  while (dims[axis].axis != ops::Axis::out) ++axis;
  if (ir::is_latent_sign(graph, node)) return SignWeight{axis};
  if (node.type.has_codes()) return RoundedWeight{axis, in_range};
  return LearnedWeight{};
}

std::optional<Rounding> rounding_of(const ir::Graph& graph, ir::Value value) {
  const ir::ValueType& type = graph.type_of(value);
  if (!type.has_codes()) return {};
  const bool keeps = value != ir::kInput && range_of(graph, value) != value;
  return Rounding{range_of(graph, value), type.zero_point, keeps};
}

Plan one_step_for_each_node(const ir::Graph& graph, const PlanOptions& options) {
  Plan plan;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const ir::Node& node = graph.nodes[i];
    const ops::Dims weight = ir::parameters_of(graph, node).weight;
    Operation run{i, node.op, node.inputs, form_of_weight(graph, node, weight)};
    run.frozen = !options.frozen.empty() && options.frozen[i] && weight.rank() > 0;
    const auto out = static_cast<ir::Value>(i + 1);
    if (std::holds_alternative<ops::BatchNorm>(node.op))
      plan.push_back(NormStep{.norm = std::move(run), .out = out, .rounding = rounding_of(graph, out)});
    else
      plan.push_back(OperatorStep{std::move(run), out, rounding_of(graph, out)});
  }
  return plan;
}

// n = batch_norm(x)
// r = relu(n)            =>   r = batch_norm(x) -> relu             (relu6 likewise)
//
// s = add(x, y)
// r = relu(s)            =>   r = add(x, y) -> relu
//
// Left alone: a norm or a sum that another node reads too, or that is rounded; one that applies an activation already.
void fuse_activations(Plan& plan, const ir::Graph& graph) {
  for (size_t i = 0; i < plan.size(); ++i) {
    const Activation then = activation_alone(plan[i]);
    if (then == Activation::none) continue;
    const ir::Value read = std::get<OperatorStep>(plan[i]).run.in[0];
    const std::ptrdiff_t before = writer_of(plan, read);
    if (before < 0 || !edit::has_one_reader(graph, read)) continue;
    Step& host = plan[static_cast<size_t>(before)];
    Activation* const behind = activation_behind(host);
    if (!behind || *behind != Activation::none || is_rounded(host)) continue;
    *behind = then;
    const auto& last = std::get<OperatorStep>(plan[i]);
    std::visit([&](auto& s) { s.out = last.out, s.rounding = last.rounding; }, host);
    erase(plan, i--);
  }
}

// n = batch_norm(x) -> relu
// s = add(n, y) -> relu6      =>   s = batch_norm(x) -> relu -> add(y) -> relu6
//
// Either activation may be absent; add(y, n) likewise. Of two norms that are added, the second takes the first.
// Left alone: a norm that another node reads too, or that is rounded; one that has a shortcut already; a shortcut y that a
// later step writes.
void fuse_sums(Plan& plan, const ir::Graph& graph) {
  for (size_t i = 0; i < plan.size(); ++i) {
    const auto* step = std::get_if<OperatorStep>(&plan[i]);
    const auto* add = step ? std::get_if<ops::Add>(&step->run.op) : nullptr;
    if (!add) continue;
    for (const size_t k : {size_t{0}, size_t{1}}) {
      const ir::Value read = step->run.in[k], shortcut = step->run.in[1 - k];
      const std::ptrdiff_t before = writer_of(plan, read);
      if (before < 0 || writer_of(plan, shortcut) > before || !edit::has_one_reader(graph, read)) continue;
      auto* const norm = std::get_if<NormStep>(&plan[static_cast<size_t>(before)]);
      if (!norm || norm->shortcut || norm->rounding) continue;
      norm->shortcut = Shortcut{shortcut, add->activation};
      norm->out = step->out, norm->rounding = step->rounding;
      erase(plan, i--);
      break;
    }
  }
}

// c = conv2d(x)
// n = batch_norm(c)      =>   n = conv2d(x) -> batch_norm           (depthwise_conv2d likewise)
//
// Left alone: a convolution that another node reads too, that applies an activation, or that is rounded; a frozen norm, which gathers
// nothing and so reads the convolution's output only once.
void fuse_convolutions(Plan& plan, const ir::Graph& graph) {
  for (size_t i = 0; i < plan.size(); ++i) {
    const auto* step = std::get_if<OperatorStep>(&plan[i]);
    if (!step || step->rounding || !fits_in_norm(step->run.op) || !edit::has_one_reader(graph, step->out)) continue;
    const auto reads_it = [&](const Step& s) {
      const auto* norm = std::get_if<NormStep>(&s);
      return norm && !norm->norm.frozen && norm->norm.in[0] == step->out;
    };
    const auto norm = std::ranges::find_if(plan, reads_it);
    if (norm == plan.end()) continue;
    std::get<NormStep>(*norm).convolution = step->run;
    erase(plan, i--);
  }
}

std::string name_of_value(ir::Value value, const ir::Graph& graph) {
  return value == ir::kInput ? "input" : graph.node_of(value).name;
}

std::string_view word_of(const LearnedWeight&) { return ""; }
std::string_view word_of(const RoundedWeight&) { return " weight=rounded"; }
std::string_view word_of(const SignWeight&) { return " weight=signs"; }
std::string_view word_of(const BitWeight&) { return " weight=bits"; }
std::string_view word_of(const CodedWeight& w) { return w.rounded ? " weight=rounded_codes" : " weight=codes"; }

std::string arrow(ops::Activation then) {
  return then == ops::Activation::none ? "" : fmt::format(" -> {}", ops::name_of(then));
}

std::string words_behind(const Operation& o) {
  const auto form = std::visit([](const auto& weight) { return word_of(weight); }, o.weight);
  return fmt::format("{}{}", form, o.frozen ? " frozen" : "");
}

std::string print(const Operation& o, const ir::Graph& graph) {
  std::string inputs;
  for (const ir::Value v : o.in) inputs += (inputs.empty() ? "" : ", ") + name_of_value(v, graph);
  return fmt::format("{}({}){}", ir::name_of(o.op), inputs, words_behind(o));
}

std::string print(const OperatorStep& s, const ir::Graph& graph) {
  return print(s.run, graph) + (ir::is_activation(s.run.op) ? "" : arrow(ir::activation_of(s.run.op)));
}

std::string print(const NormStep& s, const ir::Graph& graph) {
  std::string text = s.convolution
                         ? fmt::format("{} -> batch_norm{}", print(*s.convolution, graph), words_behind(s.norm))
                         : print(s.norm, graph);
  text += arrow(s.then);
  if (s.shortcut)
    text += fmt::format(" -> add({}){}", name_of_value(s.shortcut->value, graph), arrow(s.shortcut->then));
  return text;
}

}  // namespace

ir::Value range_of(const ir::Graph& graph, ir::Value value) {
  while (value != ir::kInput && ir::integer_form_of(graph.node_of(value).op) == ops::IntegerForm::same_codes)
    value = graph.node_of(value).inputs[0];
  return value;
}

Plan plan_steps(const ir::Graph& graph, const PlanOptions& options) {
  Plan plan = one_step_for_each_node(graph, options);
  if (!options.fuse) return plan;
  fuse_activations(plan, graph);
  fuse_sums(plan, graph);
  fuse_convolutions(plan, graph);
  return plan;
}

std::string print(const Plan& plan, const ir::Graph& graph) {
  std::string text;
  for (const Step& step : plan)
    text += std::visit(
        [&](const auto& s) {
          return fmt::format("{} = {}{}\n", name_of_value(s.out, graph), print(s, graph),
                             s.rounding ? " -> codes" : "");
        },
        step);
  return text;
}

}  // namespace dimple::nn
