#include <fmt/format.h>

#include "ir/traits.h"
#include "nn/plan.h"

namespace dimple::nn {
namespace {

std::string name_of_value(ir::Value value, const ir::Graph& graph) {
  return value == ir::kInput ? "input" : graph.node_of(value).name;
}

std::string_view word_of(const LearnedWeight&) { return ""; }
std::string_view word_of(const FakeQuantisedWeight&) { return " weight=fake_quantised"; }

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

std::string print(const Plan& plan, const ir::Graph& graph) {
  std::string text;
  for (const Step& step : plan)
    text += std::visit(
        [&](const auto& s) { return fmt::format("{} = {}\n", name_of_value(s.out, graph), print(s, graph)); }, step);
  return text;
}

}  // namespace dimple::nn
