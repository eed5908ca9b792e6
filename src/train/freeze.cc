#include "train/freeze.h"

#include "host/error.h"
#include "host/suggest.h"
#include "ir/semantics.h"

namespace dimple::train {

std::vector<bool> frozen_nodes(const ir::Graph& graph, const Recipe& recipe, int epoch) {
  const bool known = recipe.freeze == "none" || recipe.freeze == "body" || recipe.freeze == "head-first";
  if (!known)
    throw host::Error(host::Exit::usage, "--freeze: there is no `" + recipe.freeze + "`",
                      host::did_you_mean(recipe.freeze, {"none", "body", "head-first"}));
  const bool body = recipe.freeze == "body" || (recipe.freeze == "head-first" && epoch < recipe.head_epochs);
  std::vector<bool> frozen(graph.nodes.size(), body);
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    frozen[i] = false;
    if (!ir::parameter_specs(graph.nodes[i].op, ir::input_shapes(graph, graph.nodes[i])).empty()) break;
  }
  return frozen;
}

}  // namespace dimple::train
