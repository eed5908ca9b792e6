// a(x), b(x), c(b), d(a)   =>   a(x), d(a)     (d is the output)
//
// A node that no other reads goes, and so do the nodes that only it read.
//
// Left alone: the output.
#include "compile/passes/passes.h"
#include "edit/surgery.h"

namespace dimple::compile {

int remove_unread(ir::Graph& graph) {
  int removed = 0;
  for (size_t i = graph.nodes.size() - 1; i-- > 0;)
    if (edit::readers_of(graph, static_cast<ir::Value>(i + 1)).empty()) edit::remove_node(graph, i), ++removed;
  return removed;
}

}  // namespace dimple::compile
