#include "edit/stochastic_depth.h"

#include <algorithm>
#include <vector>

#include "edit/surgery.h"

namespace dimple::edit {
namespace {

bool comes_from(const ir::Graph& graph, ir::Value value, ir::Value origin) {
  std::vector<ir::Value> open{value};
  std::vector<bool> seen(graph.nodes.size() + 1);
  while (!open.empty()) {
    const ir::Value v = open.back();
    open.pop_back();
    if (v == origin) return true;
    if (v < origin || v == ir::kInput || seen[static_cast<size_t>(v)]) continue;  // what a value reads lies before it
    seen[static_cast<size_t>(v)] = true;
    for (const ir::Value in : graph.node_of(v).inputs) open.push_back(in);
  }
  return false;
}

// The branch that a sum adds to its shortcut; kInput: it is no such sum.
ir::Value branch_of(const ir::Graph& graph, const ir::Node& node) {
  if (!std::holds_alternative<ops::Add>(node.op)) return ir::kInput;
  const auto [shortcut, branch] = std::minmax(node.inputs[0], node.inputs[1]);
  const bool found = shortcut != branch && has_one_reader(graph, branch) && comes_from(graph, branch, shortcut);
  return found ? branch : ir::kInput;
}

}  // namespace

int set_stochastic_depth(ir::Graph& graph, float rate) {
  int shortcuts = 0, reached = 0;
  for (const ir::Node& node : graph.nodes) shortcuts += branch_of(graph, node) != ir::kInput;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const ir::Value branch = branch_of(graph, graph.nodes[i]);
    if (branch == ir::kInput) continue;
    const ops::DropPath drop{rate * static_cast<float>(++reached) / static_cast<float>(shortcuts)};
    if (ir::Node& last = graph.nodes[static_cast<size_t>(branch - 1)]; std::holds_alternative<ops::DropPath>(last.op)) {
      last.op = drop;
    } else {
      insert_after(graph, branch, {free_name(graph, last.name + "_drop"), drop, {}, last.type});
      ++i;  // the sum has moved on by one
    }
  }
  return shortcuts;
}

}  // namespace dimple::edit
