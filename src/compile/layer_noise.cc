#include "compile/layer_noise.h"

#include <algorithm>
#include <cmath>

#include "compile/parts.h"
#include "compile/pipeline.h"
#include "edit/surgery.h"
#include "ir/evaluate.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

// The real weight that the codes of a node stand for.
ir::Tensor rounded_weight(const Quantised& q, const ir::Node& node) {
  ir::Graph floats{.name = {}, .input = q.real.type_of(node.inputs[0]), .nodes = {node}, .constants = {}};
  floats.nodes[0].inputs = {ir::kInput};
  for (const char* role : {".weight", ".weight_scale", ".codebook"})
    if (const auto it = q.integer.constants.find(node.name + role); it != q.integer.constants.end())
      floats.constants[node.name + role] = it->second;
  if (auto book = floats.constants.find(node.name + ".codebook"); book != floats.constants.end()) {
    const auto codes = q.integer.constants.at(book->first).as<int8_t>();
    book->second = ir::make_tensor(DType::f32, book->second.dims, std::vector<float>(codes.begin(), codes.end()));
  }
  const ir::Tensor& weight = floats.constants.at(node.name + ".weight");
  if (weight.dtype != DType::s8) return ir::float_weight(floats, floats.nodes[0]);  // in few bits
  const auto codes = weight.as<int8_t>();
  const auto scales = floats.constants.at(node.name + ".weight_scale").as<float>();
  const ops::Dims dims = ir::parameters_of(q.real, node).weight;
  ir::Tensor real = ir::make_tensor(DType::f32, weight.dims);
  const auto w = real.as<float>();
  for (size_t c = 0; c < scales.size(); ++c)
    for (int64_t k = 0; k < dims.per_channel(); ++k) {
      const auto at = static_cast<size_t>(dims.index_of(static_cast<int64_t>(c), k));
      w[at] = scales[c] * static_cast<float>(codes[at]);
    }
  return real;
}

ir::Tensor rounded_bias(const Quantised& q, const ir::Node& node) {
  const auto codes = q.integer.constant(node.name, "bias")->as<int32_t>();
  const auto scales = q.integer.constant(node.name, "weight_scale")->as<float>();
  const double in_scale = static_cast<double>(q.integer.type_of(node.inputs[0]).scale);
  ir::Tensor real = ir::make_tensor(DType::f32, {static_cast<int64_t>(codes.size())});
  for (size_t c = 0; c < codes.size(); ++c)
    real.as<float>()[c] = static_cast<float>(in_scale * static_cast<double>(scales[c]) * codes[c]);
  return real;
}

void add_rounded_constants(const Quantised& q, const ir::Node& node, ir::Graph& to) {
  to.constants[node.name + ".weight"] = rounded_weight(q, node);
  to.constants[node.name + ".bias"] = rounded_bias(q, node);
  to.constants.erase(node.name + ".weight_scale");
  to.constants.erase(node.name + ".codebook");
}

// Through the codes of what the node puts out, and back.
void add_rounding(const Quantised& q, size_t node, ir::Value after, ir::Graph& to) {
  const std::string& name = q.real.nodes[node].name;
  const ir::ValueType &codes = q.integer.nodes[node].type, real{DType::f32, codes.shape};
  after = edit::insert_after(to, after, {edit::free_name(to, name + "_codes"), ops::Quantise{}, {}, codes});
  edit::insert_after(to, after, {edit::free_name(to, name + "_real"), ops::Dequantise{}, {}, real});
}

// The rounded layer on its own.
ir::Graph cut_out(const Quantised& q, size_t node) {
  const ir::Node& layer = q.real.nodes[node];
  ir::Graph alone{.name = layer.name, .input = q.real.type_of(layer.inputs[0]), .nodes = {layer}, .constants = {}};
  alone.nodes[0].inputs = {ir::kInput};
  add_rounded_constants(q, layer, alone);
  add_rounding(q, node, alone.output(), alone);
  return alone;
}

struct Power {
  double signal = 0, noise = 0;
};

void add_power(const ir::Tensor& exact, const ir::Tensor& rounded, Power& power) {
  const auto a = exact.as<float>(), b = rounded.as<float>();
  for (size_t i = 0; i < a.size(); ++i) {
    const double signal = static_cast<double>(a[i]), off = signal - static_cast<double>(b[i]);
    power.signal += signal * signal, power.noise += off * off;
  }
}

double decibels(const Power& power) {
  if (power.noise == 0) return kNoNoise;
  return std::clamp(10 * std::log10(power.signal / power.noise), -kNoNoise, kNoNoise);
}

}  // namespace

ir::Graph round_one_layer(const Quantised& q, size_t node) {
  ir::Graph graph = q.real;
  add_rounded_constants(q, q.real.nodes[node], graph);
  add_rounding(q, node, static_cast<ir::Value>(node + 1), graph);
  return end_in_probabilities(std::move(graph));
}

std::vector<LayerNoise> measure_layer_noise(const Quantised& q, const CalibrationSet& set, int threads) {
  const size_t pictures = count_pictures(q.real, set);
  const ir::Graph floats = ir::with_float_weights(q.real);
  const std::vector<size_t> layers = ir::linear_layers(q.real);
  std::vector<ir::Graph> alone;
  for (const size_t node : layers) alone.push_back(cut_out(q, node));
  std::vector<std::vector<Power>> parts(parts_of(pictures), std::vector<Power>(layers.size()));
  run_parts(pictures, threads, [&](size_t part, size_t first, size_t last) {
    for (size_t p = first; p < last; ++p) {
      const std::vector<ir::Tensor> values = ir::evaluate(floats, real_picture(q.real, set, p));
      for (size_t i = 0; i < layers.size(); ++i) {
        const ir::Tensor& input = values[static_cast<size_t>(q.real.nodes[layers[i]].inputs[0])];
        add_power(values[layers[i] + 1], ir::evaluate(alone[i], input).back(), parts[part][i]);
      }
    }
  });
  std::vector<LayerNoise> noise;
  for (size_t i = 0; i < layers.size(); ++i) {
    Power sum;
    for (const std::vector<Power>& part : parts) sum.signal += part[i].signal, sum.noise += part[i].noise;
    noise.push_back({layers[i], decibels(sum)});
  }
  return noise;
}

}  // namespace dimple::compile
