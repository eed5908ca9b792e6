#include "compile/liveness.h"

#include <algorithm>

#include "compile/overlap.h"

namespace dimple::compile {
namespace {

int64_t size_in_bytes(const ir::ValueType& t, int32_t rows = 0) {
  return bytes_of(t.dtype, t.shape.elements()) / t.shape.height * (rows > 0 ? rows : t.shape.height);
}

// Of the value that a step writes.
int32_t kept_rows(const KeptRows& kept, size_t value) { return kept.empty() ? 0 : kept[value]; }

void add_overlaps(const ir::Graph& graph, size_t step, const SharingOptions& options, ArenaRequest& request) {
  const ir::Node& node = graph.nodes[step];
  const size_t out = step + 1;
  for (const ir::Value v : node.inputs) {
    const auto in = static_cast<size_t>(v);
    if (request.buffers[in].last_step != static_cast<int>(step)) continue;  // a later node reads it
    const auto distance = overlap_distance(node.op, graph.type_of(v), node.type);
    if (!distance || !(*distance == 0 ? options.in_place : options.overlap)) continue;
    request.overlaps.push_back({out, in, *distance});
  }
}

}  // namespace

ir::Value logits_of(const ir::Graph& graph) {
  for (ir::Value v = graph.output(); v > ir::kInput; --v)
    if (graph.type_of(v).dtype != DType::f32) return v;
  return graph.output();
}

ArenaRequest arena_request(const ir::Graph& graph, const SharingOptions& options, const KeptRows& kept) {
  ArenaRequest request;
  request.buffers.push_back({size_in_bytes(graph.input), 0, 0});
  for (size_t step = 0; step < graph.nodes.size(); ++step) {
    for (const ir::Value v : graph.nodes[step].inputs)
      request.buffers[static_cast<size_t>(v)].last_step = static_cast<int>(step);
    const int64_t bytes = size_in_bytes(graph.nodes[step].type, kept_rows(kept, step + 1));
    request.buffers.push_back({bytes, static_cast<int>(step), static_cast<int>(step)});
  }
  for (const ir::Value asked : {graph.output(), logits_of(graph)})
    request.buffers[static_cast<size_t>(asked)].last_step = static_cast<int>(graph.nodes.size());
  for (size_t step = 0; step + 1 < graph.nodes.size(); ++step) {
    if (kept_rows(kept, step + 1) == 0) continue;
    for (const ir::Value v : graph.nodes[step].inputs) {
      int& last = request.buffers[static_cast<size_t>(v)].last_step;
      last = std::max(last, static_cast<int>(step + 1));
    }
    request.buffers[step + 2].first_step = static_cast<int>(step);
  }
  for (size_t step = 0; step < graph.nodes.size(); ++step)
    if (kept_rows(kept, step) == 0 && kept_rows(kept, step + 1) == 0) add_overlaps(graph, step, options, request);
  return request;
}

}  // namespace dimple::compile
