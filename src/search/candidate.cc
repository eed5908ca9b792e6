#include "search/candidate.h"

#include <fmt/format.h>

#include "host/sha256.h"
#include "ir/initialise.h"
#include "ir/text.h"

namespace dimple::search {

std::string print(const Path& path) {
  std::string text;
  for (const edit::Reduction& step : path) text += edit::print(step) + "\n";
  return text;
}

Path parse_path(std::string_view text) {
  Path path;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) path.push_back(edit::parse_reduction(text.substr(at, end - at)));
    at = end + 1;
  }
  return path;
}

std::string key_of(const ir::Graph& graph) {
  ir::Graph plain{"", graph.input, graph.nodes, {}};
  for (size_t i = 0; i < plain.nodes.size(); ++i) plain.nodes[i].name = fmt::format("n{}", i);
  return host::sha256(ir::print(plain)).substr(0, 16);
}

ir::Graph follow(ir::Graph graph, const Path& steps, uint64_t seed) {
  ir::initialise(graph, seed);
  for (const edit::Reduction& step : steps) {
    graph = edit::reduce(graph, step);
    ir::initialise(graph, seed);  // after each: which channels leave is decided by weights
  }
  return graph;
}

ir::Graph follow_structure(ir::Graph graph, const Path& steps) {
  graph.constants.clear();
  for (const edit::Reduction& step : steps) graph = edit::reduce(graph, step);
  return graph;
}

void take_over(ir::Graph& graph, const ir::Graph& from) {
  for (auto& [name, tensor] : graph.constants) {
    const auto other = from.constants.find(name);
    if (other != from.constants.end() && other->second.dims == tensor.dims && other->second.dtype == tensor.dtype)
      tensor = other->second;
  }
}

}  // namespace dimple::search
