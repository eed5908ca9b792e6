#include "ir/evaluate.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "ir/call_plan.h"
#include "ir/packed_weight.h"
#include "ir/semantics.h"
#include "kernels/select.h"
#include "ops/kernel_call.h"

namespace dimple::ir {
namespace {

Tensor make_value(const ValueType& type) {
  return make_tensor(type.dtype, {type.shape.height, type.shape.width, type.shape.channels});
}

ops::Tensor view(const ValueType& type, Tensor& value) {
  return {value.data.data(), type.shape.height, type.shape.width, type.shape.channels, type.zero_point, type.scale};
}

const void* data_of(const Tensor* t) { return t ? t->data.data() : nullptr; }

void run_node(const Graph& graph, const Node& node, Value output, std::vector<Tensor>& values) {
  const CallPlan plan = plan_call(graph, node);
  ops::Tensor in[ops::kMaxInputs];
  for (size_t i = 0; i < node.inputs.size(); ++i)
    in[i] = view(graph.type_of(node.inputs[i]), values[static_cast<size_t>(node.inputs[i])]);
  const Tensor* const codebook = graph.constant(node.name, "codebook");
  const ops::Call call =
      ops::make_call({in, node.inputs.size()}, view(node.type, values[static_cast<size_t>(output)]),
                     {.attributes = std::visit([](const auto& op) -> const void* { return &op; }, node.op),
                      .weight = plan.table.empty() ? data_of(graph.constant(node.name, "weight")) : plan.table.data(),
                      .bias = data_of(graph.constant(node.name, "bias")),
                      .multiplier = plan.multiplier.data(),
                      .shift = plan.shift.data(),
                      .clamps = plan.clamps,
                      .codebook = codebook ? codebook->as<int8_t>().data() : nullptr,
                      .codebook_channels = codebook_channels(graph, node)});
  const kernels::KernelInfo* kernel = kernels::reference(code_of(node.op), types_of(graph, node));
  if (!kernel)
    throw host::Error(host::Exit::model, fmt::format("node {}: {} has no integer form", node.name, name_of(node.op)));
  kernel->run(&call, ops::all_rows(call.out));
}

}  // namespace

std::vector<Tensor> evaluate(const Graph& graph, const Tensor& input) {
  if (std::ranges::any_of(graph.nodes, [&](const Node& node) { return has_float_form(graph, node); }))
    return evaluate(with_float_weights(graph), input);
  std::vector<Tensor> values{make_value(graph.input)};
  if (input.dtype != graph.input.dtype || input.data.size() != values[0].data.size())
    throw host::Error(host::Exit::model, fmt::format("graph {} takes another input than the one given", graph.name));
  values[0].data = input.data;
  for (const Node& node : graph.nodes) values.push_back(make_value(node.type));
  for (size_t i = 0; i < graph.nodes.size(); ++i) run_node(graph, graph.nodes[i], static_cast<Value>(i + 1), values);
  return values;
}

}  // namespace dimple::ir
