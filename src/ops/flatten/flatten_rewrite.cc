// flatten(x) -> dense            =>   x -> dense     (dense takes all elements in NHWC order anyway)
// flatten(x), x is [1,1,c]       =>   x
// Left alone: a flatten that someone reads who looks at the shape.
#include <algorithm>

#include "compile/passes/identities.h"
#include "edit/surgery.h"

namespace dimple::ops {

bool is_identity(const Flatten&, const ir::Graph& graph, size_t node) {
  if (graph.type_of(graph.nodes[node].inputs[0]).shape == graph.nodes[node].type.shape) return true;
  const auto readers = edit::readers_of(graph, static_cast<ir::Value>(node + 1));
  return std::all_of(readers.begin(), readers.end(),
                     [&](size_t i) { return std::holds_alternative<Dense>(graph.nodes[i].op); });
}

}  // namespace dimple::ops
