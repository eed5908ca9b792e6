#include "ir/layer_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "ir/cost.h"
#include "ir/traits.h"

namespace dimple::ir {

std::vector<LayerRow> layer_rows(const Graph& graph) {
  const Cost cost = estimate_cost(graph);
  std::vector<LayerRow> rows;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const Shape& shape = node.type.shape;
    const bool is_sum = std::holds_alternative<ops::Add>(node.op);
    if (!is_linear(node.op) && !is_sum) continue;
    const ops::Window* const w = window_of(node.op);
    const auto name_of_value = [&](Value v) { return v == kInput ? "input" : graph.node_of(v).name; };
    LayerRow row;
    row.name = node.name, row.op = name_of(node.op);
    if (w) row.window = fmt::format("{}x{}", w->kernel_h, w->kernel_w);
    if (w && w->stride_h > 1) row.window += fmt::format("/{}", w->stride_h);
    row.channels = is_sum ? fmt::format("{}", shape.channels)
                          : fmt::format("{}>{}", graph.type_of(node.inputs[0]).shape.channels, shape.channels);
    row.output = fmt::format("{}x{}", shape.height, shape.width);
    if (is_sum) row.sum_of = name_of_value(node.inputs[0]) + " and " + name_of_value(node.inputs[1]);
    row.multiply_adds = cost.nodes[i].multiply_adds;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string print_layers(const Graph& graph) {
  std::string text =
      fmt::format("{:<24} {:<18} {:<8} {:>9}  {}\n", "layer", "operator", "window", "channels", "output");
  for (const LayerRow& row : layer_rows(graph))
    text += fmt::format("{:<24} {:<18} {:<8} {:>9}  {}{}\n", row.name, row.op, row.window, row.channels, row.output,
                        row.sum_of.empty() ? "" : "  of " + row.sum_of);
  return text;
}

std::vector<LayerPair> side_by_side(const std::vector<LayerRow>& a, const std::vector<LayerRow>& b) {
  std::vector<LayerPair> pairs;
  size_t next = 0;  // of a: what stands before it is in the table
  for (const LayerRow& row : b) {
    const auto same = std::find_if(a.begin() + static_cast<std::ptrdiff_t>(next), a.end(),
                                   [&](const LayerRow& other) { return other.name == row.name; });
    if (same == a.end()) {
      pairs.push_back({nullptr, &row});
      continue;
    }
    const auto at = static_cast<size_t>(same - a.begin());
    for (; next < at; ++next) pairs.push_back({&a[next], nullptr});
    pairs.push_back({&a[next++], &row});
  }
  for (; next < a.size(); ++next) pairs.push_back({&a[next], nullptr});
  return pairs;
}

}  // namespace dimple::ir
