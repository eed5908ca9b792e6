#include "workflow/open_network.h"

#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "host/suggest.h"
#include "ir/initialise.h"
#include "zoo/architectures.h"

namespace dimple::workflow {
namespace {

// With random weights, and for int8 random pictures to find its ranges with: what it costs does not depend on them.
inference::OpenedModel open_architecture(const zoo::Architecture& architecture, const NetworkToOpen& asked) {
  host::check_choice("precision", asked.precision, {"int8", "f32"});
  ir::Graph graph = architecture.make({.input = zoo::parse_input(asked.input)});
  ir::initialise(graph, 1);
  if (asked.precision == "int8") {
    std::vector<int8_t> codes(static_cast<size_t>(2 * graph.input.shape.elements()));
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i * i * 31 % 251);
    graph = compile::quantise(graph, {codes, 1.0f / 128});
  } else {
    graph = compile::optimise(graph);
  }
  inference::OpenedModel opened;
  opened.name = architecture.name;
  opened.graph = graph;
  return opened;
}

}  // namespace

inference::OpenedModel open_network(const NetworkToOpen& asked) {
  for (const zoo::Architecture& architecture : zoo::architectures())
    if (asked.model == architecture.name) return open_architecture(architecture, asked);
  return inference::open_model(asked.model);
}

}  // namespace dimple::workflow
