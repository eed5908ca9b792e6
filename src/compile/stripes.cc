#include "compile/stripes.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "compile/liveness.h"
#include "ops/conv2d/conv2d.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"

namespace dimple::compile {
namespace {

// Of a convolution; nothing else works in stripes.
std::optional<ops::Window> window_of(const ir::Op& op) {
  if (const auto* conv = std::get_if<ops::Conv2d>(&op)) return conv->window;
  if (const auto* depthwise = std::get_if<ops::DepthwiseConv2d>(&op)) return depthwise->window;
  return {};
}

bool is_read_by(const ir::Graph& graph, ir::Value v, size_t only) {
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    for (const ir::Value in : graph.nodes[i].inputs)
      if (in == v && i != only) return false;
  return v != graph.output() && v != logits_of(graph);
}

// The rows of value v that hold `out_rows` rows of the window of the node behind it; 0 where v cannot be striped, or
// would be all there.
int32_t rows_for(const ir::Graph& graph, size_t node, int32_t out_rows) {
  const auto v = static_cast<ir::Value>(node + 1);
  if (node + 1 >= graph.nodes.size() || !window_of(graph.nodes[node].op)) return 0;
  const ir::Node& reader = graph.nodes[node + 1];
  const std::optional<ops::Window> window = window_of(reader.op);
  if (!window || reader.inputs[0] != v || !is_read_by(graph, v, node + 1)) return 0;
  const int32_t rows = window->reach_h() + (out_rows - 1) * window->stride_h;
  return rows < graph.type_of(v).shape.height ? rows : 0;
}

}  // namespace

KeptRows choose_stripes(const ir::Graph& graph, const ArenaBytes& arena_bytes) {
  constexpr int32_t kMostOutRows = 16;
  KeptRows kept(graph.nodes.size() + 1, 0);
  std::vector<size_t> nodes;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (rows_for(graph, i, 1) > 0) nodes.push_back(i);
  const auto elements = [&](size_t node) { return graph.nodes[node].type.shape.elements(); };
  std::ranges::stable_sort(nodes, std::greater(), elements);
  // An arena is planned for each of them, which takes time by its steps: the largest are looked at.
  const size_t most = std::min<size_t>(32, 20'000 / graph.nodes.size());
  if (nodes.size() > most) nodes.resize(most);

  // The largest first. One alone may win nothing where another is as large, so all that lose nothing are taken at first.
  int64_t least = arena_bytes(kept);
  for (const size_t i : nodes) {
    if (kept[i] > 0 || (i + 2 < kept.size() && kept[i + 2] > 0))
      continue;  // a step is at one striped tensor, not at two
    kept[i + 1] = rows_for(graph, i, 1);
    const int64_t bytes = arena_bytes(kept);
    if (bytes > least) kept[i + 1] = 0;
    least = std::min(least, bytes);
  }
  for (const size_t i : nodes) {
    int32_t& rows = kept[i + 1];
    if (rows == 0) continue;
    const int32_t fewest = rows;
    rows = 0;
    for (int32_t out_rows = kMostOutRows; arena_bytes(kept) > least && out_rows > 1; out_rows /= 2)
      if (const int32_t more = rows_for(graph, i, out_rows); more > 0) rows = more;
    if (arena_bytes(kept) > least) rows = fewest;
  }
  return kept;
}

}  // namespace dimple::compile
