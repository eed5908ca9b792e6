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

// Of a weight that is not there yet, what it will be.
DType type_of_weights(const Graph& graph, const Node& node, const ParameterSpec& spec, bool integer) {
  if (spec.role != "weight") return DType::f32;
  if (const Tensor* weight = graph.constant(node.name, "weight")) return weight->dtype;
  return integer ? DType::s8 : DType::f32;
}

}  // namespace

int64_t work_of(const Op& op, std::span<const Shape> inputs, const Shape& output) {
  constexpr double kMost = 1e14;  // of one node, so that a sum over the most nodes that a graph has fits
  double work = static_cast<double>(std::max(multiply_adds(op, inputs, output), output.elements()));
  if (const ops::Window* window = window_of(op))
    work = std::max(work, static_cast<double>(output.elements()) * window->kernel_h * window->kernel_w);
  for (const Shape& in : inputs) work = std::max(work, static_cast<double>(in.elements()));
  return static_cast<int64_t>(std::min(work, kMost));
}

int64_t work_of(const Graph& graph) {
  int64_t work = 0;
  for (const Node& node : graph.nodes) work += work_of(node.op, input_shapes(graph, node), node.type.shape);
  return work;
}

Cost estimate_cost(const Graph& graph) {
  Cost cost;
  const std::vector<bool> idle = idle_biases(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto shapes = input_shapes(graph, node);
    const bool integer = graph.type_of(node.inputs[0]).dtype == DType::s8;
    NodeCost row{node.name, std::string(name_of(node.op)), node.type.shape, 0,
                 multiply_adds(node.op, shapes, node.type.shape)};
    for (const ParameterSpec& spec : parameter_specs(node.op, shapes)) {
      const int64_t elements = Tensor{DType::f32, spec.dims, {}}.elements();
      if (!(idle[i] && spec.role == "bias")) row.parameters += spec.trainable;
      cost.statistics += elements - spec.trainable;
      cost.weight_bytes += bytes_of(type_of_weights(graph, node, spec, integer), elements);
      if (const Tensor* book = graph.constant(node.name, "codebook"); book && spec.role == "weight")
        cost.weight_bytes += static_cast<int64_t>(book->data.size());
    }
    cost.parameters += row.parameters;
    cost.multiply_adds += row.multiply_adds;
    cost.nodes.push_back(std::move(row));
  }
  cost.peak_activation_bytes = peak_activation_bytes(graph);
  return cost;
}

}  // namespace dimple::ir
