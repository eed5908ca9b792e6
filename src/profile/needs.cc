#include "profile/needs.h"

#include <limits>

#include "compile/lower.h"
#include "compile/quantise.h"
#include "host/error.h"
#include "ir/initialise.h"

namespace dimple::profile {

ir::Graph integer_form(ir::Graph graph) {
  ir::initialise(graph, 1);
  std::vector<int8_t> codes(static_cast<size_t>(2 * graph.input.shape.elements()));
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i * i * 31 % 251);
  return compile::quantise(graph, {codes, 1.0f / 128});
}

std::vector<uint8_t> plan_without_limits(const ir::Graph& graph, const target::Target& target) {
  if (target.here) return compile::plan(graph);
  target::Target roomy = target;
  roomy.ram_bytes = std::numeric_limits<int32_t>::max();
  for (const int64_t flash : {target.program_bytes, int64_t{0}}) {
    roomy.program_bytes = flash;
    try {
      return compile::plan(graph, {}, {.target = &roomy, .stripes = true});
    } catch (const host::Error& error) {
      if (error.exit() != host::Exit::model || flash == 0) throw;
    }
  }
  return {};
}

}  // namespace dimple::profile
