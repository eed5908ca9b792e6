#include "export/foreign_graph.h"

#include <fmt/format.h>

#include "host/error.h"
#include "ir/packed_weight.h"

namespace dimple::exports {

ir::Value last_codes(const ir::Graph& graph) {
  ir::Value v = graph.output();
  while (v != ir::kInput && graph.type_of(v).dtype != DType::s8) --v;
  return v;
}

ir::Graph plain_weights(const ir::Graph& graph) { return ir::with_s8_weights(ir::with_float_weights(graph)); }

void check_types(const ir::Graph& graph) {
  for (const ir::Node& node : graph.nodes)
    if (std::holds_alternative<ops::Sign>(node.op))
      throw host::Error(
          host::Exit::model,
          fmt::format("node {}: other formats have no sign that makes +1 or -1 of every number", node.name),
          "export a program or C; for other runtimes, the float twin of the net, without signs");
  for (ir::Value v = ir::kInput; v <= graph.output(); ++v) {
    const DType type = graph.type_of(v).dtype;
    if (type != DType::f32 && type != DType::s8)
      throw host::Error(host::Exit::model, fmt::format("graph {} holds values of type {}, which other formats lack",
                                                       graph.name, name_of(type)));
  }
}

}  // namespace dimple::exports
