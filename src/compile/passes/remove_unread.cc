// A node whose value nobody reads, and that is not the output, goes; so do the nodes that only it read.
#include "compile/passes/passes.h"
#include "edit/surgery.h"

namespace dimple::compile {

void remove_unread(ir::Graph& graph) {
  for (size_t i = graph.nodes.size() - 1; i-- > 0;)
    if (edit::readers_of(graph, static_cast<ir::Value>(i + 1)).empty()) edit::remove_node(graph, i);
}

}  // namespace dimple::compile
