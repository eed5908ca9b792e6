#include "export/foreign_graph.h"

#include <fmt/format.h>

#include "host/error.h"

namespace dimple::exports {

ir::Value last_codes(const ir::Graph& graph) {
  ir::Value v = graph.output();
  while (v != ir::kInput && graph.type_of(v).dtype != DType::s8) --v;
  return v;
}

void check_types(const ir::Graph& graph) {
  for (ir::Value v = ir::kInput; v <= graph.output(); ++v) {
    const DType type = graph.type_of(v).dtype;
    if (type != DType::f32 && type != DType::s8)
      throw host::Error(host::Exit::model, fmt::format("graph {} holds values of type {}, which other formats lack",
                                                       graph.name, name_of(type)));
  }
}

}  // namespace dimple::exports
