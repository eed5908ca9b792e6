// A codebook has one scale for all its entries, t = max |entry| / 127, so that channels which share it share its codes; what
// sets channels apart is their weight_scale, which becomes t * weight_scale.
#include "compile/quantise_packed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compile/quantise_weights.h"
#include "host/error.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

// In s8, and the scale of each codebook.
struct Codebook {
  ir::Tensor codes;
  std::vector<double> scale;
};

Codebook quantise_codebook(const ir::Tensor& real) {
  Codebook book{ir::make_tensor(DType::s8, real.dims), {}};
  const auto from = real.as<float>();
  const auto to = book.codes.as<int8_t>();
  const auto entries = static_cast<size_t>(real.dims[1]);
  for (size_t g = 0; g < from.size() / entries; ++g) {
    double limit = 1e-12;
    for (size_t i = 0; i < entries; ++i) limit = std::max(limit, std::abs(static_cast<double>(from[g * entries + i])));
    book.scale.push_back(limit / 127);
    for (size_t i = 0; i < entries; ++i)
      to[g * entries + i] = static_cast<int8_t>(std::round(static_cast<double>(from[g * entries + i]) / book.scale[g]));
  }
  return book;
}

}  // namespace

void quantise_packed_weights(const ir::Graph& real, const ir::Node& node, ir::Graph& integer) {
  const ir::Tensor& weight = *real.constant(node.name, "weight");
  const ir::Tensor* const bias_of_node = real.constant(node.name, "bias");
  const ops::Dims dims = ir::parameters_of(real, node).weight;
  const double in_scale = static_cast<double>(integer.type_of(node.inputs[0]).scale);
  const bool bits = weight.dtype == DType::b1;
  if (!bits && integer.type_of(node.inputs[0]).dtype == DType::b1)
    throw host::Error(host::Exit::model,
                      fmt::format("node {} reads signs, so its weights have to be signs", node.name));
  Codebook book;
  if (!bits) book = quantise_codebook(*real.constant(node.name, "codebook"));

  const auto real_scale = real.constant(node.name, "weight_scale")->as<float>();
  const size_t channels = real_scale.size();
  std::vector<float> scales;
  std::vector<int32_t> biases;
  for (size_t c = 0; c < channels; ++c) {
    const double bias = bias_of_node ? static_cast<double>(bias_of_node->as<float>()[c]) : 0;
    double scale = static_cast<double>(real_scale[c]) * (bits ? 1 : book.scale[c * book.scale.size() / channels]);
    scale = std::max(scale, std::abs(bias) / (in_scale * kMaxBias));  // else hardly anything but the bias counts
    scales.push_back(static_cast<float>(scale));
    biases.push_back(static_cast<int32_t>(std::round(bias / (in_scale * static_cast<double>(scales.back())))));
    if (!ops::sum_fits(dims.per_channel(), biases.back()))
      throw host::Error(host::Exit::model, fmt::format("node {}: a sum of {} products could leave 32 bits", node.name,
                                                       dims.per_channel()));
  }
  const auto count = static_cast<int64_t>(channels);
  const bool plain = weight.dtype == DType::u8;
  integer.constants[node.name + ".weight"] = plain ? ir::looked_up(weight, book.codes, dims) : weight;
  if (!bits && !plain)
    integer.constants[node.name + ".codebook"] = book.codes;
  else
    integer.constants.erase(node.name + ".codebook");
  integer.constants[node.name + ".weight_scale"] = ir::make_tensor(DType::f32, {count}, scales);
  if (bias_of_node) integer.constants[node.name + ".bias"] = ir::make_tensor(DType::s32, {count}, biases);
}

// x + shift >= 0  <=>  code >= zero_in - shift / scale
void quantise_thresholds(const ir::Graph& real, const ir::Node& node, ir::Graph& integer) {
  const ir::ValueType& in = integer.type_of(node.inputs[0]);
  std::vector<int32_t> thresholds;
  for (const float shift : real.constant(node.name, "bias")->as<float>()) {
    const double first = std::ceil(in.zero_point - static_cast<double>(shift) / static_cast<double>(in.scale));
    thresholds.push_back(static_cast<int32_t>(std::clamp(first, -128.0, 128.0)));
  }
  integer.constants[node.name + ".bias"] =
      ir::make_tensor(DType::s32, {static_cast<int64_t>(thresholds.size())}, thresholds);
}

}  // namespace dimple::compile
