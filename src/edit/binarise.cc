#include "edit/binarise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "edit/surgery.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::edit {
namespace {

using host::Error;
using host::Exit;

// "" where it can be binary.
std::string obstacle(const ir::Graph& graph, size_t index) {
  const ir::Node& node = graph.nodes[index];
  if (!ir::is_binary(node.op)) return fmt::format("{} has no binary form", ir::name_of(node.op));
  const std::vector<size_t> layers = ir::linear_layers(graph);
  if (index == layers.front()) return "the first layer stays full: it reads the picture";
  if (index == layers.back()) return "the last layer stays full: it writes the scores";
  const int32_t in = graph.type_of(node.inputs[0]).shape.channels;
  if (in % 32 != 0) return fmt::format("it reads {} channels, and bits come in multiples of 32", in);
  return {};
}

size_t find_layer(const ir::Graph& graph, const std::string& name) {
  const auto it = std::ranges::find(graph.nodes, name, &ir::Node::name);
  if (it != graph.nodes.end()) return static_cast<size_t>(it - graph.nodes.begin());
  std::vector<std::string> names;
  for (const size_t i : ir::linear_layers(graph)) names.push_back(graph.nodes[i].name);
  throw Error(Exit::usage, fmt::format("there is no layer '{}'", name), host::did_you_mean(name, names));
}

size_t binary_layer(const ir::Graph& graph, const std::string& name) {
  const size_t index = find_layer(graph, name);
  if (const std::string why = obstacle(graph, index); !why.empty())
    throw Error(Exit::usage, fmt::format("layer {} cannot be binary: {}", name, why));
  return index;
}

}  // namespace

std::vector<std::string> binary_layers(const ir::Graph& graph) {
  std::vector<std::string> named, all;
  for (const size_t i : ir::linear_layers(graph)) {
    const ir::Node& node = graph.nodes[i];
    if (!obstacle(graph, i).empty()) continue;
    if (node.name.starts_with("binary_")) named.push_back(node.name);
    const ops::Window* const window = ir::window_of(node.op);
    if (window && window->kernel_h * window->kernel_w > 1 && node.type.shape.channels % 32 == 0)
      all.push_back(node.name);
  }
  return named.empty() ? all : named;
}

void binarise_activations(ir::Graph& graph, const std::vector<std::string>& layers) {
  for (const std::string& name : layers) binary_layer(graph, name);
  for (const std::string& name : layers) {
    const size_t index = binary_layer(graph, name);
    const ir::Value read = graph.nodes[index].inputs[0];
    if (read != ir::kInput && std::holds_alternative<ops::Sign>(graph.node_of(read).op)) continue;
    ir::Node sign{free_name(graph, name + "_sign"), ops::Sign{}, {}, graph.type_of(read)};
    sign.type.scale = 0, sign.type.zero_point = 0;
    graph.constants[sign.name + ".bias"] = ir::make_tensor(DType::f32, {sign.type.shape.channels});
    insert_before(graph, index, std::move(sign));
  }
}

void binarise_weights(ir::Graph& graph, const std::vector<std::string>& layers) {
  for (const std::string& name : layers) {
    const ir::Node& node = graph.nodes[binary_layer(graph, name)];
    const ir::Tensor& weight = *graph.constant(name, "weight");
    if (weight.dtype != DType::f32 || ir::is_latent_sign(graph, node)) continue;
    for (const float w : weight.as<float>())
      if (!std::isfinite(w)) throw Error(Exit::model, fmt::format("{}.weight holds what is no number", name));
    graph.constants[name + ".weight_scale"] = ir::mean_sizes(weight, ir::parameters_of(graph, node).weight);
  }
}

}  // namespace dimple::edit
