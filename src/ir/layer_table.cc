#include "ir/layer_table.h"

#include <fmt/format.h>

#include "ir/traits.h"

namespace dimple::ir {

std::string print_layers(const Graph& graph) {
  std::string text =
      fmt::format("{:<24} {:<18} {:<8} {:>9}  {}\n", "layer", "operator", "window", "channels", "output");
  for (const Node& node : graph.nodes) {
    const bool is_sum = std::holds_alternative<ops::Add>(node.op);
    if (!is_linear(node.op) && !is_sum) continue;
    const ops::Window* const w = window_of(node.op);
    std::string window = w ? fmt::format("{}x{}", w->kernel_h, w->kernel_w) : "";
    if (w && w->stride_h > 1) window += fmt::format("/{}", w->stride_h);
    const auto name_of_value = [&](Value v) { return v == kInput ? "input" : graph.node_of(v).name; };
    const std::string channels =
        is_sum ? fmt::format("{}", node.type.shape.channels)
               : fmt::format("{}>{}", graph.type_of(node.inputs[0]).shape.channels, node.type.shape.channels);
    text +=
        fmt::format("{:<24} {:<18} {:<8} {:>9}  {}x{}{}\n", node.name, name_of(node.op), window, channels,
                    node.type.shape.height, node.type.shape.width,
                    is_sum ? "  of " + name_of_value(node.inputs[0]) + " and " + name_of_value(node.inputs[1]) : "");
  }
  return text;
}

}  // namespace dimple::ir
