#include "compile/pipeline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "compile/passes/passes.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "ir/packed_weight.h"
#include "ir/verify.h"

namespace dimple::compile {
namespace {

// Read from top to bottom. Batch norms are folded before activations, because a conv that clamps cannot take them in.
constexpr Pass kPasses[] = {
    {"remove_identities", remove_identities},
    {"fold_batch_norm", fold_batch_norm},
    {"batch_norm_to_depthwise", batch_norm_to_depthwise},
    {"fuse_pad", fuse_pad},
    {"fuse_activation", fuse_activation},
    {"remove_unread", remove_unread},
};

void check_names(const std::vector<std::string>& without) {
  for (const std::string& name : without) {
    if (std::any_of(std::begin(kPasses), std::end(kPasses), [&](const Pass& p) { return p.name == name; })) continue;
    std::vector<std::string_view> known;
    for (const Pass& p : kPasses) known.push_back(p.name);
    throw host::Error(host::Exit::usage, fmt::format("there is no pass called {}", name),
                      fmt::format("the passes are: {}", fmt::join(known, ", ")));
  }
}

PassReport run_pass(const Pass& pass, ir::Graph& graph) {
  const size_t nodes_before = graph.nodes.size();
  const auto start = std::chrono::steady_clock::now();
  const int rewrites = pass.apply(graph);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  ir::verify(graph);
  return {pass.name, took.count(), nodes_before, graph.nodes.size(), rewrites};
}

}  // namespace

std::span<const Pass> passes() { return kPasses; }

ir::Graph optimise(ir::Graph graph, const OptimiseOptions& options) {
  check_names(options.without);
  ir::verify(graph);
  graph = ir::with_packed_signs(std::move(graph));
  for (const Pass& pass : kPasses) {
    if (std::find(options.without.begin(), options.without.end(), pass.name) != options.without.end()) continue;
    const PassReport report = run_pass(pass, graph);
    if (options.on_pass) options.on_pass(report);
  }
  return graph;
}

ir::Graph without_softmax(ir::Graph graph) {
  if (std::holds_alternative<ops::Softmax>(graph.nodes.back().op) && graph.nodes.size() > 1)
    edit::remove_node(graph, graph.nodes.size() - 1);
  return graph;
}

ir::Graph end_in_probabilities(ir::Graph graph) {
  if (std::holds_alternative<ops::Softmax>(graph.node_of(graph.output()).op)) return graph;
  if (graph.type_of(graph.output()).dtype == DType::s8)
    edit::append(graph, {edit::free_name(graph, "scores"), ops::Dequantise{}, {}, {}});
  edit::append(graph, {edit::free_name(graph, "probabilities"), ops::Softmax{}, {}, {}});
  edit::infer_types(graph);
  return graph;
}

}  // namespace dimple::compile
