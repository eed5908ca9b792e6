#include "train/freeze.h"

#include "host/error.h"
#include "host/suggest.h"
#include "ir/semantics.h"

namespace dimple::train {

std::vector<bool> frozen_nodes(const ir::Graph& graph, const TrainConfig& config, int epoch) {
  const bool known = config.freeze == "none" || config.freeze == "body" || config.freeze == "head-first";
  if (!known)
    throw host::Error(host::Exit::usage, "--freeze: there is no `" + config.freeze + "`",
                      host::did_you_mean(config.freeze, {"none", "body", "head-first"}));
  const bool body = config.freeze == "body" || (config.freeze == "head-first" && epoch < config.head_epochs);
  std::vector<bool> frozen(graph.nodes.size(), body);
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    frozen[i] = false;
    if (!ir::parameter_specs(graph.nodes[i].op, ir::input_shapes(graph, graph.nodes[i])).empty()) break;
  }
  return frozen;
}

}  // namespace dimple::train
