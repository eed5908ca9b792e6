#include "ir/packed_weight.h"

#include <algorithm>
#include <cmath>

#include "ir/traits.h"

namespace dimple::ir {

bool is_packed(const Tensor& weight) { return weight.dtype == DType::b1 || codebook_entries(weight.dtype) > 0; }

bool is_latent_sign(const Graph& graph, const Node& node) {
  const Tensor* const weight = graph.constant(node.name, "weight");
  return weight && weight->dtype == DType::f32 && graph.constant(node.name, "weight_scale");
}

bool has_float_form(const Graph& graph, const Node& node) {
  return graph.type_of(node.inputs[0]).dtype == DType::f32 && graph.constant(node.name, "weight_scale");
}

std::vector<uint8_t> unpack_codes(const Tensor& packed) {
  const auto words = packed.as<uint32_t>();
  const auto bits = static_cast<size_t>(bit_width(packed.dtype));
  std::vector<uint8_t> codes(static_cast<size_t>(packed.elements()));
  if (bits == 8) {
    std::memcpy(codes.data(), packed.data.data(), codes.size());
    return codes;
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    const size_t at = i * bits, word = at / 32, shift = at % 32;
    uint32_t code = words[word] >> shift;
    if (shift + bits > 32) code |= words[word + 1] << (32 - shift);
    codes[i] = static_cast<uint8_t>(code & ((1u << bits) - 1));
  }
  return codes;
}

Tensor pack_codes(DType type, std::vector<int64_t> dims, std::span<const uint8_t> codes) {
  Tensor packed = make_tensor(type, std::move(dims));
  const auto bits = static_cast<size_t>(bit_width(type));
  if (bits == 8) {
    std::memcpy(packed.data.data(), codes.data(), codes.size());
    return packed;
  }
  const auto words = packed.as<uint32_t>();
  for (size_t i = 0; i < codes.size(); ++i) {
    const size_t at = i * bits, word = at / 32, shift = at % 32;
    words[word] |= uint32_t{codes[i]} << shift;
    if (shift + bits > 32) words[word + 1] |= uint32_t{codes[i]} >> (32 - shift);
  }
  return packed;
}

int32_t codebook_channels(const Graph& graph, const Node& node) {
  const Tensor* const codebook = graph.constant(node.name, "codebook");
  return codebook ? static_cast<int32_t>(node.type.shape.channels / codebook->dims[0]) : 0;
}

namespace {

// The entries that codes stand for; T is the codebook's type.
template <class T>
Tensor look_up(const Tensor& weight, const Tensor& codebook, const ops::Dims& dims) {
  const std::vector<uint8_t> codes = unpack_codes(weight);
  Tensor plain = make_tensor(codebook.dtype, weight.dims);
  const auto entries = codebook.as<T>();
  const auto to = plain.as<T>();
  const int64_t channels = dims.extent(ops::Axis::out), groups = codebook.dims[0];
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t k = 0; k < dims.per_channel(); ++k) {
      const auto at = static_cast<size_t>(dims.index_of(c, k));
      to[at] = entries[static_cast<size_t>(c * groups / channels * codebook.dims[1] + codes[at])];
    }
  return plain;
}

// +1 and -1, of bits or of latent weights.
Tensor signs_of(const Tensor& weight) {
  Tensor signs = make_tensor(DType::f32, weight.dims);
  const auto to = signs.as<float>();
  if (weight.dtype == DType::f32) {
    std::ranges::transform(weight.as<float>(), to.begin(), [](float w) { return w >= 0 ? 1.0f : -1.0f; });
  } else {
    std::ranges::transform(unpack_codes(weight), to.begin(), [](uint8_t bit) { return bit != 0 ? 1.0f : -1.0f; });
  }
  return signs;
}

}  // namespace

Tensor float_weight(const Graph& graph, const Node& node) {
  const Tensor& weight = *graph.constant(node.name, "weight");
  const Tensor* const scales = graph.constant(node.name, "weight_scale");
  if (!scales) return weight;
  const Tensor* const codebook = graph.constant(node.name, "codebook");
  const ops::Dims dims = parameters_of(graph, node).weight;
  Tensor real = codebook ? look_up<float>(weight, *codebook, dims) : signs_of(weight);
  const auto values = real.as<float>();
  for (int64_t c = 0; c < dims.extent(ops::Axis::out); ++c)
    for (int64_t k = 0; k < dims.per_channel(); ++k)
      values[static_cast<size_t>(dims.index_of(c, k))] *= scales->as<float>()[static_cast<size_t>(c)];
  return real;
}

Graph with_float_weights(Graph graph) {
  for (const Node& node : graph.nodes) {
    if (!has_float_form(graph, node)) continue;
    graph.constants[node.name + ".weight"] = float_weight(graph, node);
    graph.constants.erase(node.name + ".weight_scale");
    graph.constants.erase(node.name + ".codebook");
  }
  return graph;
}

Tensor looked_up(const Tensor& weight, const Tensor& codebook, const ops::Dims& dims) {
  return look_up<int8_t>(weight, codebook, dims);
}

Graph with_s8_weights(Graph graph) {
  const Tensor signs = make_tensor(DType::s8, {1, 2}, std::vector<int8_t>{-1, 1});
  for (const Node& node : graph.nodes) {
    const Tensor* const weight = graph.constant(node.name, "weight");
    if (!weight || !is_packed(*weight) || graph.type_of(node.inputs[0]).dtype != DType::s8) continue;
    const Tensor& codebook = weight->dtype == DType::b1 ? signs : *graph.constant(node.name, "codebook");
    graph.constants[node.name + ".weight"] = looked_up(*weight, codebook, parameters_of(graph, node).weight);
    graph.constants.erase(node.name + ".codebook");
  }
  return graph;
}

Tensor mean_sizes(const Tensor& weight, const ops::Dims& dims) {
  constexpr float kSmallest = 1e-8f;
  const auto values = weight.as<float>();
  std::vector<float> means;
  for (int64_t c = 0; c < dims.extent(ops::Axis::out); ++c) {
    double sum = 0;
    for (int64_t k = 0; k < dims.per_channel(); ++k)
      sum += std::abs(static_cast<double>(values[static_cast<size_t>(dims.index_of(c, k))]));
    means.push_back(std::max(static_cast<float>(sum / static_cast<double>(dims.per_channel())), kSmallest));
  }
  return make_tensor(DType::f32, {static_cast<int64_t>(means.size())}, means);
}

Graph with_packed_signs(Graph graph) {
  for (const Node& node : graph.nodes) {
    if (!is_latent_sign(graph, node)) continue;
    Tensor& weight = graph.constants.at(node.name + ".weight");
    std::vector<uint8_t> bits;
    for (const float w : std::as_const(weight).as<float>()) bits.push_back(w >= 0 ? 1 : 0);
    weight = pack_codes(DType::b1, weight.dims, bits);
  }
  return graph;
}

}  // namespace dimple::ir
