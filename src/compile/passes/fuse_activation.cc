// conv(x) -> relu               =>   conv(x) activation=relu
// conv(x) -> max_pool -> relu   =>   conv(x) activation=relu -> max_pool
//
// For conv2d, depthwise_conv2d, dense and add; relu6 likewise. relu never falls, so the largest of its values is its
// value of the largest: it may be applied before the pool. An operator that already clamps takes the tighter of both:
// relu then relu6, in either order, is relu6.
//
// Left alone: an operator whose output, or whose pool's output, another node reads before the activation.
#include "compile/passes/passes.h"
#include "edit/surgery.h"

namespace dimple::compile {
namespace {

using ops::Activation;

Activation* activation_of(ir::Op& op) {
  if (auto* o = std::get_if<ops::Conv2d>(&op)) return &o->activation;
  if (auto* o = std::get_if<ops::DepthwiseConv2d>(&op)) return &o->activation;
  if (auto* o = std::get_if<ops::Dense>(&op)) return &o->activation;
  if (auto* o = std::get_if<ops::Add>(&op)) return &o->activation;
  return nullptr;
}

// The operator that can apply the activation of node i, seen through max pools; null if there is none.
Activation* find_host(ir::Graph& graph, size_t i) {
  for (ir::Value v = graph.nodes[i].inputs[0]; v != ir::kInput && edit::has_one_reader(graph, v);) {
    ir::Node& node = graph.nodes[static_cast<size_t>(v - 1)];
    if (Activation* found = activation_of(node.op)) return found;
    if (!std::holds_alternative<ops::MaxPool>(node.op)) return nullptr;
    v = node.inputs[0];
  }
  return nullptr;
}

}  // namespace

void fuse_activation(ir::Graph& graph) {
  for (size_t i = 1; i < graph.nodes.size(); ++i) {
    const bool relu = std::holds_alternative<ops::Relu>(graph.nodes[i].op);
    if (!relu && !std::holds_alternative<ops::Relu6>(graph.nodes[i].op)) continue;
    if (i + 1 == graph.nodes.size() && graph.nodes[i].inputs[0] != static_cast<ir::Value>(i)) continue;
    Activation* host = find_host(graph, i);
    if (!host) continue;
    if (*host != Activation::relu6) *host = relu ? Activation::relu : Activation::relu6;
    edit::remove_node(graph, i--);
  }
}

}  // namespace dimple::compile
