#include "ir/idle_bias.h"

#include "ir/traits.h"

namespace dimple::ir {

std::vector<bool> idle_biases(const Graph& graph) {
  const size_t count = graph.nodes.size();
  std::vector<bool> heard(count + 1, false), idle(count, false);  // heard: by value
  if (count > 0) heard.back() = true;
  for (size_t i = count; i-- > 0;) {
    const Node& node = graph.nodes[i];
    const bool takes_away = std::holds_alternative<ops::BatchNorm>(node.op);
    for (const Value v : node.inputs)
      if (!takes_away && (heard[i + 1] || !passes_constants(node.op))) heard[static_cast<size_t>(v)] = true;
    idle[i] = is_purely_linear(node.op) && !heard[i + 1];
  }
  return idle;
}

}  // namespace dimple::ir
