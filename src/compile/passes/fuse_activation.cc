// conv(x) -> relu               =>   conv(x) activation=relu
// conv(x) -> max_pool -> relu   =>   conv(x) activation=relu -> max_pool
//
// For every operator with an activation; relu6 likewise. relu never falls, so the largest of its values is its value of
// the largest: it may be applied before an operator that selects. An operator that already clamps takes the tighter of both:
// relu then relu6, in either order, is relu6. Codes that the activation's output was trained for are those of what puts
// it out now.
//
// Left alone: an operator whose output, or whose pool's output, another node reads before the activation.
#include "compile/passes/passes.h"
#include "edit/surgery.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

using ops::Activation;

// The operator that can apply the activation of node i, seen through those that select; null if there is none.
Activation* find_host(ir::Graph& graph, size_t i) {
  for (ir::Value v = graph.nodes[i].inputs[0]; v != ir::kInput && edit::has_one_reader(graph, v);) {
    ir::Node& node = graph.nodes[static_cast<size_t>(v - 1)];
    if (Activation* found = ir::activation_in(node.op)) return found;
    if (!ir::selects(node.op)) return nullptr;
    v = node.inputs[0];
  }
  return nullptr;
}

// All from what applies the activation of node i to what read it.
void codes_to_host(ir::Graph& graph, size_t i) {
  const ir::ValueType& given = graph.nodes[i].type;
  if (!given.has_codes()) return;
  for (ir::Value v = graph.nodes[i].inputs[0];;) {
    ir::Node& node = graph.nodes[static_cast<size_t>(v - 1)];
    node.type.take_codes_of(given);
    if (ir::activation_in(node.op)) return;
    v = node.inputs[0];
  }
}

}  // namespace

int fuse_activation(ir::Graph& graph) {
  int fused = 0;
  for (size_t i = 1; i < graph.nodes.size(); ++i) {
    if (!ir::is_activation(graph.nodes[i].op)) continue;
    if (i + 1 == graph.nodes.size() && graph.nodes[i].inputs[0] != static_cast<ir::Value>(i)) continue;
    Activation* host = find_host(graph, i);
    if (!host) continue;
    if (*host != Activation::relu6) *host = ir::activation_of(graph.nodes[i].op);
    codes_to_host(graph, i);
    edit::remove_node(graph, i--);
    ++fused;
  }
  return fused;
}

}  // namespace dimple::compile
