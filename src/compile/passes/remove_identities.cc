// op(x), where the operator says that it computes nothing   =>   x
// flatten(x) -> dense                                        =>   x -> dense
//
// dropout; drop_path; pad by nothing; pools with a 1x1 window (kIdentity in their headers). A flatten is one where its
// shape is the input's already, and in front of operators that take all elements in NHWC order anyway.
//
// Left alone: a flatten whose shape another node looks at; the graph's output, unless its type stays as promised and
// the value before it can take its place; one that was trained for other codes than its input.
#include <algorithm>

#include "compile/passes/passes.h"
#include "edit/surgery.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

bool is_identity(const ir::Graph& graph, size_t i) {
  const ir::Node& node = graph.nodes[i];
  const ops::Identity identity = ir::identity_of(node.op);
  if (identity != ops::Identity::but_for_shape) return identity == ops::Identity::always;
  if (graph.type_of(node.inputs[0]).shape == node.type.shape) return true;
  return std::ranges::all_of(edit::readers_of(graph, static_cast<ir::Value>(i + 1)), [&](size_t reader) {
    return ir::parameters_of(graph, graph.nodes[reader]).weight.has(ops::Axis::element);
  });
}

bool may_leave(const ir::Graph& graph, size_t i) {
  if (i + 1 < graph.nodes.size()) return true;
  const ir::Value before = graph.nodes[i].inputs[0];
  const ir::ValueType &was = graph.nodes[i].type, &is = graph.type_of(before);
  return i > 0 && before == static_cast<ir::Value>(i) && is.dtype == was.dtype && is.shape == was.shape;
}

bool codes_to_input(ir::Graph& graph, size_t i) {
  return edit::hand_over_codes(graph, static_cast<ir::Value>(i + 1), graph.nodes[i].inputs[0]);
}

}  // namespace

int remove_identities(ir::Graph& graph) {
  int removed = 0;
  for (size_t i = graph.nodes.size(); i-- > 0;)
    if (is_identity(graph, i) && may_leave(graph, i) && codes_to_input(graph, i))
      edit::remove_node(graph, i), ++removed;
  return removed;
}

}  // namespace dimple::compile
