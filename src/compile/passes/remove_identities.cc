// op(x), where the operator says that it computes nothing   =>   x
//
// dropout; drop_path; flatten in front of dense; pad by nothing; pools with a 1x1 window (each in its <op>_rewrite.cc).
//
// Left alone: the graph's output, unless its type stays as promised and the value before it can take its place.
#include "compile/passes/identities.h"
#include "compile/passes/passes.h"
#include "edit/surgery.h"

namespace dimple::compile {
namespace {

bool is_identity(const ir::Graph& graph, size_t i) {
  return std::visit([&](const auto& op) { return ops::is_identity(op, graph, i); }, graph.nodes[i].op);
}

bool may_leave(const ir::Graph& graph, size_t i) {
  if (i + 1 < graph.nodes.size()) return true;
  const ir::Value before = graph.nodes[i].inputs[0];
  return i > 0 && before == static_cast<ir::Value>(i) && graph.type_of(before) == graph.nodes[i].type;
}

}  // namespace

void remove_identities(ir::Graph& graph) {
  for (size_t i = graph.nodes.size(); i-- > 0;)
    if (is_identity(graph, i) && may_leave(graph, i)) edit::remove_node(graph, i);
}

}  // namespace dimple::compile
