#include "ir/verify.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "host/error.h"
#include "ir/semantics.h"

namespace dimple::ir {
namespace {

[[noreturn]] void refuse(const Graph& graph, const std::string& what) {
  throw host::Error(host::Exit::model,
                    fmt::format("graph {}: {}", graph.name.empty() ? "(unnamed)" : graph.name, what));
}

void check_type(const Graph& graph, const std::string& where, const ValueType& type) {
  if (!ops::sane(type.shape)) refuse(graph, where + " has an impossible shape");
  if (type.dtype != DType::f32 && type.dtype != DType::s8) refuse(graph, where + " is neither f32 nor s8");
  const bool quantised = type.dtype == DType::s8;
  if (quantised && !(std::isfinite(type.scale) && type.scale > 0))
    refuse(graph, where + " is s8 but has no positive scale");
  if (quantised && (type.zero_point < -128 || type.zero_point > 127)) refuse(graph, where + ": zero point outside s8");
}

void check_constants(const Graph& graph, const Node& node, Constants constants) {
  const auto shapes = input_shapes(graph, node);
  const bool integer = graph.type_of(node.inputs[0]).dtype == DType::s8;
  for (const ParameterSpec& spec : parameter_specs(node.op, shapes)) {
    const Tensor* t = graph.constant(node.name, spec.role);
    if (!t) {
      if (constants == Constants::may_be_absent) continue;
      refuse(graph, fmt::format("node {} has no {}", node.name, spec.role));
    }
    const bool binary = integer && spec.role == "weight" && is_binary(node.op) && t->dtype == DType::b1;
    const DType want = !integer ? DType::f32 : spec.role == "bias" ? DType::s32 : binary ? DType::b1 : DType::s8;
    if (t->dtype != want)
      refuse(graph, fmt::format("{}.{} is {}, not {}", node.name, spec.role, dimple::name_of(t->dtype),
                                dimple::name_of(want)));
    if (t->dims != spec.dims)
      refuse(graph, fmt::format("{}.{} has {} elements where the node needs {}, or another layout", node.name,
                                spec.role, t->elements(), Tensor{DType::f32, spec.dims, {}}.elements()));
    if (t->data.size() != static_cast<size_t>(bytes_of(t->dtype, t->elements())))
      refuse(graph, node.name + ": cut short");
    if (!integer || spec.role != "weight") continue;
    const Tensor* scales = graph.constant(node.name, "weight_scale");
    if (!scales || scales->dtype != DType::f32 || scales->elements() != node.type.shape.channels)
      refuse(graph, fmt::format("{} needs a weight_scale per output channel", node.name));
    for (const float s : scales->as<float>())
      if (!(std::isfinite(s) && s > 0)) refuse(graph, fmt::format("{}.weight_scale is not positive", node.name));
  }
}

}  // namespace

void verify(const Graph& graph, Constants constants) {
  check_type(graph, "the input", graph.input);
  if (graph.nodes.empty()) refuse(graph, "it has no nodes");
  std::set<std::string> names{"input"};
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.name.empty() || !names.insert(node.name).second) refuse(graph, "two nodes are called '" + node.name + "'");
    if (node.inputs.size() != static_cast<size_t>(input_count(node.op)))
      refuse(graph, fmt::format("node {}: {} takes {} inputs, not {}", node.name, name_of(node.op),
                                input_count(node.op), node.inputs.size()));
    for (const Value v : node.inputs)
      if (v < 0 || v > static_cast<Value>(i))
        refuse(graph, "node " + node.name + " reads a value that is not there yet");
    check_type(graph, "node " + node.name, node.type);
    if (infer_shape(node.op, input_shapes(graph, node), node.name) != node.type.shape)
      refuse(graph, "node " + node.name + " states another shape than its operator gives");
    if (dtype_written(node.op, graph.type_of(node.inputs[0]).dtype) != node.type.dtype)
      refuse(graph, "node " + node.name + " states another data type than its operator gives");
    for (const Value v : node.inputs)
      if (graph.type_of(v).dtype != graph.type_of(node.inputs[0]).dtype)
        refuse(graph, "node " + node.name + " mixes data types");
    check_constants(graph, node, constants);
  }
}

}  // namespace dimple::ir
