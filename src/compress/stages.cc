#include "compress/stages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compile/for_codes.h"
#include "compile/keep_float.h"
#include "compile/quantise.h"
#include "edit/binarise.h"
#include "edit/cluster.h"
#include "edit/shrink.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/cost.h"
#include "ir/traits.h"

namespace dimple::compress {
namespace {

using host::Error;
using host::Exit;

// Codes that an earlier training was for say nothing about a network that has changed since.
ir::Graph without_codes(ir::Graph graph) {
  graph.input.scale = 0, graph.input.zero_point = 0;
  for (ir::Node& node : graph.nodes) node.type.scale = 0, node.type.zero_point = 0;
  return graph;
}

double share(int64_t now, int64_t before) { return static_cast<double>(now) / static_cast<double>(before); }

Stage channels_stage(const Methods& m) {
  const auto begin = [m](const ir::Graph& given, const StageTools& tools) {
    ir::Graph graph = without_codes(given);
    edit::ShrinkOptions options;
    options.keep = static_cast<double>(m.keep);
    options.saliency = edit::parse_saliency_rule(m.saliency);
    options.ranking = edit::parse_ranking(m.ranking);
    options.multiple = m.multiple;
    if (m.budget == "time")
      options.cost = tools.time;
    else
      options.budget = edit::parse_budget(m.budget);
    if (m.saliency.starts_with("taylor")) options.gradients = tools.gradients(graph);
    edit::remove_channels(graph, edit::plan_shrink(graph, options).gone);
    const ir::Cost before = ir::estimate_cost(given), after = ir::estimate_cost(graph);
    tools.say(fmt::format("{:.1f} % of the multiply-adds and {:.1f} % of the parameters stay",
                          100 * share(after.multiply_adds, before.multiply_adds),
                          100 * share(after.parameters, before.parameters)));
    return graph;
  };
  return {"channels", fmt::format("channels removed, {} of the {} kept", m.keep, m.budget), begin,
          [](train::Recipe&) {}};
}

Stage weights_stage(const std::string& pattern) {
  return {"weights", fmt::format("weights set to zero, {}", pattern),
          [](const ir::Graph& graph, const StageTools&) { return without_codes(graph); },
          [pattern](train::Recipe& recipe) { recipe.sparsity = pattern; }};
}

std::vector<std::string> layers_to_binarise(const Methods& m, const ir::Graph& graph) {
  std::vector<std::string> layers =
      m.binarise == "auto" ? edit::binary_layers(graph) : host::comma_separated(m.binarise);
  if (layers.empty())
    throw Error(Exit::usage, fmt::format("{} has no layer that could be binary", graph.name),
                "convolutions of channels in multiples of 32, between the first and the last layer, could");
  return layers;
}

void learn_signs(train::Recipe& recipe) {
  recipe.learning_rate *= 2;  // a sign turns only when its weight has come all the way to zero
  recipe.weight_decay = 0;    // and decay pulls it there for no reason
}

Stage binary_values_stage(const Methods& m) {
  const auto begin = [m](const ir::Graph& given, const StageTools& tools) {
    ir::Graph graph = without_codes(given);
    const std::vector<std::string> layers = layers_to_binarise(m, graph);
    edit::binarise_activations(graph, layers);
    tools.say(fmt::format("signs in front of {}", fmt::join(layers, ", ")));
    return graph;
  };
  return {"binary values", "what binary layers read becomes signs", begin, [](train::Recipe&) {}};
}

Stage binary_weights_stage(const Methods& m) {
  const auto begin = [m](const ir::Graph& given, const StageTools&) {
    ir::Graph graph = given;
    edit::binarise_weights(graph, layers_to_binarise(m, graph));
    return graph;
  };
  return {"binary weights", "the weights of binary layers become signs", begin, learn_signs};
}

Stage clusters_stage(const Methods& m) {
  const auto begin = [m](const ir::Graph& given, const StageTools& tools) {
    ir::Graph graph = compile::folded(without_codes(given));
    double worst = 0;
    for (const edit::ClusteredLayer& layer : edit::cluster(graph, {m.cluster, m.cluster_groups}))
      worst = std::max(worst, layer.error);
    tools.say(
        fmt::format("weights in {} clusters: at most {:.2f} % of a layer's energy is lost", m.cluster, 100 * worst));
    return graph;
  };
  return {"clusters", fmt::format("weights share {} values", m.cluster), begin,
          [](train::Recipe& recipe) { recipe.learning_rate *= 0.2f; }};
}

// What is kept in float is not rounded; nor is what an operator writes that would only pass its codes on.
void release_kept(ir::Graph& graph, const std::vector<std::string>& kept) {
  for (ir::Node& node : graph.nodes)
    if (std::ranges::find(kept, node.name) != kept.end()) node.type.scale = 0, node.type.zero_point = 0;
  for (ir::Node& node : graph.nodes)
    if (ir::integer_form_of(node.op) == ops::IntegerForm::same_codes && !graph.type_of(node.inputs[0]).has_codes())
      node.type.scale = 0, node.type.zero_point = 0;
}

Stage codes_stage(const Methods& m) {
  const auto begin = [m](const ir::Graph& given, const StageTools& tools) {
    ir::Graph graph = compile::for_codes(without_codes(given), tools.pictures);
    compile::check_kept(given, graph, host::comma_separated(m.keep_float));
    release_kept(graph, host::comma_separated(m.keep_float));
    return graph;
  };
  return {"codes", "weights and values are trained for their codes", begin,
          [](train::Recipe& recipe) { recipe.learning_rate *= 0.2f; }};
}

Stage integer_stage(const Methods& m) {
  const auto begin = [m](const ir::Graph& given, const StageTools& tools) {
    return compile::quantise(given, tools.pictures, {.keep_float = host::comma_separated(m.keep_float)});
  };
  return {"integer", "every value is a code", begin, {}, false};
}

}  // namespace

std::vector<Stage> plan_stages(const Methods& m) {
  std::vector<Stage> stages;
  const std::vector<std::string> pruned = host::comma_separated(m.prune);
  if (std::ranges::find(pruned, "channels") != pruned.end()) stages.push_back(channels_stage(m));
  for (const std::string& pattern : pruned)
    if (pattern != "channels") stages.push_back(weights_stage(pattern));
  if (!m.binarise.empty()) stages.push_back(binary_values_stage(m)), stages.push_back(binary_weights_stage(m));
  if (m.cluster > 0) stages.push_back(clusters_stage(m));
  if (m.quantise == "qat") stages.push_back(codes_stage(m));
  if (!m.quantise.empty()) stages.push_back(integer_stage(m));
  return stages;
}

}  // namespace dimple::compress
