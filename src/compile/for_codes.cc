#include "compile/for_codes.h"

#include <fmt/format.h>

#include <algorithm>

#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"
#include "ir/verify.h"

namespace dimple::compile {
namespace {

// real = scale * code, with the scale of each output channel.
ir::Tensor real_weight(const ir::Tensor& codes, std::span<const float> scales, const ops::Dims& dims) {
  ir::Tensor real = ir::make_tensor(DType::f32, codes.dims);
  for (size_t c = 0; c < scales.size(); ++c)
    for (int64_t k = 0; k < dims.per_channel(); ++k) {
      const auto at = static_cast<size_t>(dims.index_of(static_cast<int64_t>(c), k));
      real.as<float>()[at] = scales[c] * static_cast<float>(codes.as<int8_t>()[at]);
    }
  return real;
}

// The bias of a sign is a threshold on the codes that it reads.
ir::Tensor real_bias(const ir::Tensor& codes, const ir::ValueType& in, std::span<const float> scales) {
  ir::Tensor real = ir::make_tensor(DType::f32, codes.dims);
  const auto from = codes.as<int32_t>();
  for (size_t c = 0; c < from.size(); ++c)
    real.as<float>()[c] = scales.empty() ? in.scale * static_cast<float>(in.zero_point - from[c])
                                         : in.scale * scales[c] * static_cast<float>(from[c]);
  return real;
}

void make_constants_real(const ir::Graph& integer, const ir::Node& node, ir::Graph& real) {
  const ir::Tensor* const weight = integer.constant(node.name, "weight");
  const ir::Tensor* const bias = integer.constant(node.name, "bias");
  const ir::Tensor* const scale = integer.constant(node.name, "weight_scale");
  const std::span<const float> scales = scale ? scale->as<float>() : std::span<const float>();
  if (bias && bias->dtype == DType::s32)
    real.constants[node.name + ".bias"] = real_bias(*bias, integer.type_of(node.inputs[0]), scales);
  if (const ir::Tensor* const book = integer.constant(node.name, "codebook")) {
    ir::Tensor floats = ir::make_tensor(DType::f32, book->dims);
    std::ranges::copy(book->as<int8_t>(), floats.as<float>().begin());
    real.constants[node.name + ".codebook"] = std::move(floats);
  } else if (weight && weight->dtype == DType::s8) {
    real.constants[node.name + ".weight"] = real_weight(*weight, scales, ir::parameters_of(integer, node).weight);
    real.constants.erase(node.name + ".weight_scale");
  }
}

}  // namespace

ir::Graph folded(ir::Graph graph) { return without_softmax(optimise(std::move(graph))); }

ir::Graph for_codes(const ir::Graph& trained, const CalibrationSet& pictures) {
  ir::Graph real = folded(trained);
  const ir::Graph integer = quantise(real, pictures);
  real.input.take_codes_of(integer.input);
  for (ir::Node& node : real.nodes) {
    const auto same = std::ranges::find(integer.nodes, node.name, &ir::Node::name);
    if (same != integer.nodes.end() && same->type.dtype == DType::s8) node.type.take_codes_of(same->type);
  }
  return real;
}

ir::Graph to_float(const ir::Graph& integer) {
  if (integer.input.dtype != DType::s8)
    throw host::Error(host::Exit::model, fmt::format("graph {} is not an integer graph", integer.name));
  ir::Graph real = without_softmax(integer);
  if (std::holds_alternative<ops::Dequantise>(real.nodes.back().op)) edit::remove_node(real, real.nodes.size() - 1);
  for (const ir::Node& node : real.nodes)
    if (ir::integer_form_of(node.op) == ops::IntegerForm::converts)
      throw host::Error(host::Exit::model, fmt::format("graph {} has float parts of its own", integer.name));
  real.input.dtype = DType::f32;
  for (ir::Node& node : real.nodes) {
    make_constants_real(integer, node, real);
    if (node.type.dtype == DType::b1) node.type.scale = 0;
    node.type.dtype = DType::f32;
  }
  ir::verify(real);
  return real;
}

}  // namespace dimple::compile
