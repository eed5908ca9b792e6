#include "ir/verify.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "host/error.h"
#include "ir/packed_weight.h"
#include "ir/semantics.h"

namespace dimple::ir {
namespace {

[[noreturn]] void refuse(const Graph& graph, const std::string& what) {
  throw host::Error(host::Exit::model,
                    fmt::format("graph {}: {}", graph.name.empty() ? "(unnamed)" : graph.name, what));
}

void check_type(const Graph& graph, const std::string& where, const ValueType& type) {
  if (!ops::sane(type.shape)) refuse(graph, where + " has an impossible shape");
  if (type.dtype == DType::b1) {
    if (type.shape.channels % 32 != 0) refuse(graph, where + " has bits of channels that are no multiple of 32");
    if (type.scale != 1 || type.zero_point != 0) refuse(graph, where + " has bits on another scale than 1");
    return;
  }
  if (type.dtype != DType::f32 && type.dtype != DType::s8) refuse(graph, where + " is neither f32, s8 nor b1");
  const bool finite = std::isfinite(type.scale);
  if (type.dtype == DType::s8 && !(finite && type.scale > 0)) refuse(graph, where + " is s8 but has no positive scale");
  if (!(finite && type.scale >= 0)) refuse(graph, where + " is for codes of an impossible scale");
  if (type.zero_point < -128 || type.zero_point > 127) refuse(graph, where + ": zero point outside s8");
}

// The types that a weight may have.
bool may_be(DType weight, const Node& node, DType in) {
  const bool few_bits = weight == DType::b1 ? is_binary(node.op) : codebook_entries(weight) > 0 && is_coded(node.op);
  switch (in) {
    case DType::f32: return weight == DType::f32 || few_bits;
    case DType::b1: return weight == DType::b1;
    default: return weight == DType::s8 || (few_bits && weight != DType::u8);
  }
}

void check_scales(const Graph& graph, const Node& node) {
  const Tensor* scales = graph.constant(node.name, "weight_scale");
  if (!scales || scales->dtype != DType::f32 || scales->elements() != node.type.shape.channels)
    refuse(graph, fmt::format("{} needs a weight_scale per output channel", node.name));
  for (const float s : scales->as<float>())
    if (!(std::isfinite(s) && s > 0)) refuse(graph, fmt::format("{}.weight_scale is not positive", node.name));
}

void check_codebook(const Graph& graph, const Node& node, DType weight, bool integer) {
  const Tensor* book = graph.constant(node.name, "codebook");
  const DType want = integer ? DType::s8 : DType::f32;
  if (!book || book->dtype != want || book->dims.size() != 2 || book->dims[1] != codebook_entries(weight) ||
      book->data.size() != static_cast<size_t>(bytes_of(want, book->elements())))
    refuse(graph, fmt::format("{} needs a codebook of {} entries, {}", node.name, codebook_entries(weight),
                              dimple::name_of(want)));
  if (book->dims[0] < 1 || node.type.shape.channels % book->dims[0] != 0)
    refuse(graph, fmt::format("{}: {} codebooks for {} channels", node.name, book->dims[0], node.type.shape.channels));
}

void check_constants(const Graph& graph, const Node& node, Constants constants) {
  const auto shapes = input_shapes(graph, node);
  const DType in = graph.type_of(node.inputs[0]).dtype;
  const bool integer = in != DType::f32;
  for (const ParameterSpec& spec : parameter_specs(node.op, shapes)) {
    const Tensor* t = graph.constant(node.name, spec.role);
    if (!t) {
      if (constants == Constants::may_be_absent) continue;
      refuse(graph, fmt::format("node {} has no {}", node.name, spec.role));
    }
    const bool is_weight = spec.role == "weight";
    const DType want = !integer ? DType::f32 : !is_weight ? DType::s32 : in == DType::b1 ? DType::b1 : DType::s8;
    if (t->dtype != want && !(is_weight && may_be(t->dtype, node, in)))
      refuse(graph, fmt::format("{}.{} is {}, not {}", node.name, spec.role, dimple::name_of(t->dtype),
                                dimple::name_of(want)));
    if (t->dims != spec.dims)
      refuse(graph, fmt::format("{}.{} has {} elements where the node needs {}, or another layout", node.name,
                                spec.role, t->elements(), Tensor{DType::f32, spec.dims, {}}.elements()));
    if (t->data.size() != static_cast<size_t>(bytes_of(t->dtype, t->elements())))
      refuse(graph, node.name + ": cut short");
    if (!is_weight) continue;
    if (integer || is_packed(*t) || is_latent_sign(graph, node)) check_scales(graph, node);
    if (codebook_entries(t->dtype) > 0) check_codebook(graph, node, t->dtype, integer);
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
    if (graph.type_of(node.inputs[0]).dtype == DType::b1 && !is_binary(node.op))
      refuse(graph, fmt::format("node {}: {} reads no bits", node.name, name_of(node.op)));
    check_constants(graph, node, constants);
  }
}

}  // namespace dimple::ir
