#include "ir/cost.h"

#include <algorithm>

#include "ir/idle_bias.h"
#include "ir/semantics.h"

namespace dimple::ir {
namespace {

int64_t peak_activation_bytes(const Graph& graph) {
  std::vector<size_t> last_use(graph.nodes.size() + 1, 0);
  last_use.back() = graph.nodes.size();
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    for (const Value v : graph.nodes[i].inputs) last_use[static_cast<size_t>(v)] = i;
  int64_t peak = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    int64_t alive = 0;
    for (size_t v = 0; v <= i + 1; ++v)
      if (v == i + 1 || last_use[v] >= i) {
        const ValueType& type = graph.type_of(static_cast<Value>(v));
        alive += bytes_of(type.dtype, type.shape.elements());
      }
    peak = std::max(peak, alive);
  }
  return peak;
}

}  // namespace

Cost estimate_cost(const Graph& graph) {
  Cost cost;
  const bool integer = graph.input.dtype == DType::s8;
  const std::vector<bool> idle = idle_biases(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto shapes = input_shapes(graph, node);
    NodeCost row{node.name, std::string(name_of(node.op)), node.type.shape, 0,
                 multiply_adds(node.op, shapes, node.type.shape)};
    for (const ParameterSpec& spec : parameter_specs(node.op, shapes)) {
      const int64_t elements = Tensor{DType::f32, spec.dims, {}}.elements();
      if (!(idle[i] && spec.role == "bias")) row.parameters += spec.trainable;
      cost.statistics += elements - spec.trainable;
      cost.weight_bytes += bytes_of(integer && spec.role == "weight" ? DType::s8 : DType::f32, elements);
    }
    cost.parameters += row.parameters;
    cost.multiply_adds += row.multiply_adds;
    cost.nodes.push_back(std::move(row));
  }
  cost.peak_activation_bytes = peak_activation_bytes(graph);
  return cost;
}

}  // namespace dimple::ir
