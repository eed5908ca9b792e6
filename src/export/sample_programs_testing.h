// Small planned programs with one of everything, for tests of what is done with programs.
#pragma once
#include <cstdint>
#include <random>
#include <vector>

#include "compile/lower.h"
#include "compile/metadata.h"
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"

namespace dimple::exports {

inline ir::Graph sample_graph(ops::Shape input = {20, 20, 1}) {
  ir::Builder g("sample", input);
  auto x = g.relu6(g.batch_norm(g.conv(g.input(), 8, {.kernel = 3, .stride = 2})));
  x = g.add(x, g.relu(g.conv(g.depthwise(x), 8, {.kernel = 1})));
  x = g.max_pool(x);
  x = g.conv(x, 16, {.kernel = 3});
  x = g.average_pool(g.relu(x), {.kernel = 2, .stride = 1});
  auto squeezed = g.prelu(g.conv(g.global_average_pool(x), 4, {.kernel = 1}));
  x = g.multiply(g.hard_swish(x), g.hard_sigmoid(g.conv(squeezed, 16, {.kernel = 1})));  // squeeze and excite
  auto seen = g.concat({g.channel_mean(x), g.channel_max(x)});
  x = g.multiply(x, g.sigmoid(g.conv(seen, 1, {.kernel = 3, .dilation = 2})));  // spatial attention
  x = g.concat({x, g.average_pool(x, {.kernel = 3, .stride = 1, .pad = 1, .count_include_pad = true}), g.swish(x)});
  ir::Graph graph = g.finish(g.dense(g.global_average_pool(x), 3));
  ir::initialise(graph, 11);
  return graph;
}

inline std::vector<int8_t> sample_codes(const ir::Graph& graph, size_t pictures) {
  std::vector<int8_t> codes(pictures * static_cast<size_t>(graph.input.shape.elements()));
  std::mt19937 random(5);
  for (int8_t& code : codes) code = static_cast<int8_t>(random() & 0xFF);
  return codes;
}

inline std::vector<uint8_t> plan_sample(const ir::Graph& graph, image::Normalise normalise,
                                        const target::Target* target = nullptr, bool stripes = false) {
  const ops::Shape in = graph.input.shape;
  const image::Preprocess preprocess{in.width, in.height, in.channels, 150, 0, normalise};
  const compile::ProgramFacts facts{"sample", {"sad", "so \"so\"", "happy"}, preprocess};
  return compile::plan(graph, facts, {.target = target, .stripes = stripes});
}

inline std::vector<uint8_t> sample_float_program(const target::Target* target = nullptr) {
  return plan_sample(compile::optimise(sample_graph()), image::Normalise::offset, target);
}

inline std::vector<uint8_t> sample_integer_program(ops::Shape input = {20, 20, 1},
                                                   image::Normalise normalise = image::Normalise::standardise,
                                                   const target::Target* target = nullptr) {
  const ir::Graph graph = sample_graph(input);
  const std::vector<int8_t> codes = sample_codes(graph, 8);
  return plan_sample(compile::quantise(graph, {codes, image::code_scale(normalise)}), normalise, target);
}

// Its widest tensors are there a few rows at a time, where that is asked for.
inline std::vector<uint8_t> sample_wide_program(bool stripes) {
  ir::Builder g("sample", {20, 20, 1});
  auto x = g.relu6(g.depthwise(g.conv(g.input(), 16, {.kernel = 3}), {.stride = 2}));
  x = g.conv(g.relu(g.conv(x, 24, {.kernel = 1})), 8, {.kernel = 5, .stride = 2});
  ir::Graph graph = g.finish(g.dense(g.global_average_pool(x), 3));
  ir::initialise(graph, 3);
  graph = compile::quantise(graph, {sample_codes(graph, 8), image::code_scale(image::Normalise::standardise)});
  return plan_sample(graph, image::Normalise::standardise, nullptr, stripes);
}

inline void use_codes(ir::Graph& graph, const std::string& node, DType type, int64_t codebooks) {
  ir::Tensor& weight = graph.constants.at(node + ".weight");
  const int64_t entries = codebook_entries(type), channels = graph.constants.at(node + ".bias").elements();
  std::vector<uint8_t> codes(static_cast<size_t>(weight.elements()));
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<uint8_t>(i * i / 3 % static_cast<size_t>(entries));
  std::vector<float> book(static_cast<size_t>(codebooks * entries));
  for (size_t i = 0; i < book.size(); ++i) book[i] = static_cast<float>(i * 7 % 31) / 40 - 0.37f;
  weight = ir::pack_codes(type, weight.dims, codes);
  graph.constants[node + ".codebook"] = ir::make_tensor(DType::f32, {codebooks, entries}, book);
  graph.constants[node + ".weight_scale"] =
      ir::make_tensor(DType::f32, {channels}, std::vector<float>(static_cast<size_t>(channels), 0.3f));
}

inline void use_signs(ir::Graph& graph, const std::string& node) {
  const int64_t channels = graph.constants.at(node + ".bias").elements();
  graph.constants[node + ".weight_scale"] =
      ir::make_tensor(DType::f32, {channels}, std::vector<float>(static_cast<size_t>(channels), 0.05f));
}

// Codes times codes of four and five bits, signs times signs, codes times signs.
inline ir::Graph sample_few_bits_graph() {
  ir::Builder g("sample", {20, 20, 1});
  auto x = g.relu(g.conv(g.input(), 20, {.name = "five"}));
  x = g.prelu(g.conv(x, 32, {.stride = 2, .name = "four"}));
  x = g.conv(g.sign(x), 32, {.name = "signs"});
  x = g.conv(x, 12, {.kernel = 1, .name = "bits"});
  ir::Graph graph = g.finish(g.dense(g.max_pool(x), 3, "answer"));
  ir::initialise(graph, 3);
  use_codes(graph, "five", DType::c5, 2);
  use_codes(graph, "four", DType::c4, 4);
  use_codes(graph, "answer", DType::c4, 1);
  use_signs(graph, "signs");
  use_signs(graph, "bits");
  return graph;
}

inline std::vector<uint8_t> sample_few_bits_program(const target::Target* target = nullptr) {
  const ir::Graph graph = sample_few_bits_graph();
  const std::vector<int8_t> codes = sample_codes(graph, 8);
  constexpr auto kNormalise = image::Normalise::standardise;
  return plan_sample(compile::quantise(graph, {codes, image::code_scale(kNormalise)}), kNormalise, target);
}

// A convolution and a dense layer in floats: most operators are not there.
inline std::vector<uint8_t> small_program() {
  ir::Builder g("small", {8, 8, 1});
  ir::Graph graph = g.finish(g.dense(g.global_average_pool(g.relu(g.conv(g.input(), 4, {.kernel = 3}))), 3));
  ir::initialise(graph, 2);
  return plan_sample(compile::optimise(graph), image::Normalise::offset);
}

}  // namespace dimple::exports
