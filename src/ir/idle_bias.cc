#include "ir/idle_bias.h"

#include <algorithm>

namespace dimple::ir {
namespace {

bool is_padded(const ops::Window& w) { return w.pad_top || w.pad_left || w.pad_bottom || w.pad_right; }

template <class Conv>
bool is_plain(const Conv* conv) {
  return conv != nullptr && conv->activation == ops::Activation::none;
}

bool is_linear(const Op& op) {
  return is_plain(std::get_if<ops::Conv2d>(&op)) || is_plain(std::get_if<ops::DepthwiseConv2d>(&op)) ||
         std::holds_alternative<ops::Dense>(op);
}

// A constant per channel that goes in comes out as one. Padding would make a border of it.
bool passes_constants(const Op& op) {
  if (const auto* conv = std::get_if<ops::Conv2d>(&op)) return is_plain(conv) && !is_padded(conv->window);
  if (const auto* conv = std::get_if<ops::DepthwiseConv2d>(&op)) return is_plain(conv) && !is_padded(conv->window);
  if (const auto* pool = std::get_if<ops::AveragePool>(&op)) return pool->count_include_pad == 0;
  return std::holds_alternative<ops::MaxPool>(op) || std::holds_alternative<ops::Concat>(op) ||
         std::holds_alternative<ops::GlobalAveragePool>(op) || std::holds_alternative<ops::GlobalMaxPool>(op);
}

}  // namespace

std::vector<bool> idle_biases(const Graph& graph) {
  const size_t count = graph.nodes.size();
  std::vector<bool> heard(count + 1, false), idle(count, false);  // heard: by value
  if (count > 0) heard.back() = true;
  for (size_t i = count; i-- > 0;) {
    const Node& node = graph.nodes[i];
    const bool takes_away = std::holds_alternative<ops::BatchNorm>(node.op);
    for (const Value v : node.inputs)
      if (!takes_away && (heard[i + 1] || !passes_constants(node.op))) heard[static_cast<size_t>(v)] = true;
    idle[i] = is_linear(node.op) && !heard[i + 1];
  }
  return idle;
}

}  // namespace dimple::ir
