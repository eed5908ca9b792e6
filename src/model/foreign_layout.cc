#include "model/foreign_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "ir/traits.h"

namespace dimple::model {
namespace {

using Dims = std::vector<int64_t>;  // of a tensor; ops::Dims knows what they mean
using ir::extents_of;
using ops::Axis;

const ir::Tensor* part(const ForeignLayer& layer, const char* role) {
  const auto it = layer.find(role);
  return it == layer.end() ? nullptr : it->second;
}

// Those of extent 1 at the end say nothing: [64, 32, 1, 1] is [64, 32].
Dims trimmed(Dims dims) {
  while (!dims.empty() && dims.back() == 1) dims.pop_back();
  return dims;
}
bool same(const ir::Tensor& t, const Dims& dims) { return t.dtype == DType::f32 && trimmed(t.dims) == trimmed(dims); }

// One value per channel, `fallback` where they keep none; nothing when it has another length.
std::optional<std::vector<float>> per_channel(const ir::Tensor* t, int64_t channels, float fallback) {
  if (t == nullptr) return std::vector<float>(static_cast<size_t>(channels), fallback);
  if (!same(*t, {channels})) return {};
  const auto values = t->as<float>();
  return std::vector<float>(values.begin(), values.end());
}

// [out][in][row][column] -> our own axes, `planes` of theirs summed for each of ours.
ir::Tensor window_weight(const ir::Tensor& theirs, const ops::Dims& ours, int64_t planes) {
  ir::Tensor t = ir::make_tensor(DType::f32, extents_of(ours));
  auto from = theirs.as<float>().begin();
  const auto to = t.as<float>();
  for (int64_t o = 0; o < ours.extent(Axis::out); ++o)
    for (int64_t i = 0; i < ours.extent(Axis::in) * planes; ++i)
      for (int64_t y = 0; y < ours.extent(Axis::row); ++y)
        for (int64_t x = 0; x < ours.extent(Axis::column); ++x)
          to[static_cast<size_t>(o * ours.stride(Axis::out) + i / planes * ours.stride(Axis::in) +
                                 y * ours.stride(Axis::row) + x * ours.stride(Axis::column))] += *from++;
  return t;
}

// What a layer over all elements reads, before flattening: rows and columns that the flat order has in front of the
// channels.
ir::Shape read_by(const ir::Graph& graph, const ir::Node& node) {
  ir::Value v = node.inputs[0];
  while (v != ir::kInput && ir::identity_of(graph.node_of(v).op) != ops::Identity::never)
    v = graph.node_of(v).inputs[0];
  return graph.type_of(v).shape;
}

// How much of place y (of `places`) the i-th of `windows` adaptive windows averages.
float share(int64_t i, int64_t y, int64_t windows, int64_t places) {
  const int64_t from = i * places / windows, to = ((i + 1) * places + windows - 1) / windows;
  return y < from || y >= to ? 0.0f : 1.0f / static_cast<float>(to - from);
}

// [units][channel][row][column], side x side places -> [units][row][column][channel] of what is read.
ir::Tensor dense_weight(const ir::Tensor& theirs, const ops::Dims& ours, const ir::Shape& read, int64_t side_h,
                        int64_t side_w) {
  ir::Tensor t = ir::make_tensor(DType::f32, extents_of(ours));
  const int64_t channels = read.channels, units = ours.extent(Axis::out), inputs = channels * side_h * side_w;
  const auto from = theirs.as<float>();
  const auto to = t.as<float>();
  for (int64_t i = 0; i < side_h; ++i)
    for (int64_t j = 0; j < side_w; ++j)
      for (int64_t y = 0; y < read.height; ++y)
        for (int64_t x = 0; x < read.width; ++x) {
          const float factor = share(i, y, side_h, read.height) * share(j, x, side_w, read.width);
          if (factor == 0) continue;
          for (int64_t u = 0; u < units; ++u)
            for (int64_t c = 0; c < channels; ++c)
              to[static_cast<size_t>(u * ours.stride(Axis::out) +
                                     ((y * read.width + x) * channels + c) * ours.stride(Axis::element))] +=
                  factor * from[static_cast<size_t>(u * inputs + (c * side_h + i) * side_w + j)];
        }
  return t;
}

std::optional<LaidOut> windows(const ir::Tensor& theirs, const ir::Node& node, const ops::Dims& ours) {
  const int64_t out = ours.extent(Axis::out), in = ours.extent(Axis::in), rows = ours.extent(Axis::row),
                columns = ours.extent(Axis::column);
  if (same(theirs, {out, in, rows, columns})) return LaidOut{{{"weight", window_weight(theirs, ours, 1)}}, {}};
  if (ours.has(Axis::in) && in == 1 && node.inputs[0] == ir::kInput && same(theirs, {out, 3, rows, columns}))
    return LaidOut{{{"weight", window_weight(theirs, ours, 3)}}, "three colours summed to grey"};
  return {};
}

std::optional<LaidOut> all_elements(const ir::Tensor& theirs, const ir::Shape& read, const ops::Dims& ours) {
  const int64_t units = ours.extent(Axis::out);
  if (same(theirs, extents_of(ours)))
    return LaidOut{{{"weight", dense_weight(theirs, ours, read, read.height, read.width)}}, {}};
  if (theirs.dtype != DType::f32 || theirs.dims.size() != 2 || theirs.dims[0] != units) return {};
  for (int64_t side = 2; side * side * read.channels <= theirs.dims[1]; ++side)
    if (side * side * read.channels == theirs.dims[1] && side >= read.height && side >= read.width)
      return LaidOut{{{"weight", dense_weight(theirs, ours, read, side, side)}},
                     fmt::format("{0}x{0} places summed to {1}x{2}", side, read.height, read.width)};
  return {};
}

std::optional<LaidOut> one_per_channel(const ir::Tensor& theirs, const ops::Dims& ours) {
  if (same(theirs, extents_of(ours)))
    return LaidOut{{{"weight", ir::Tensor{DType::f32, extents_of(ours), theirs.data}}}, {}};
  if (!same(theirs, {1})) return {};
  const std::vector<float> values(static_cast<size_t>(ours.elements()), theirs.as<float>()[0]);
  return LaidOut{{{"weight", ir::make_tensor(DType::f32, extents_of(ours), values)}}, "one slope for every channel"};
}

std::optional<LaidOut> weight_of(const ir::Tensor& theirs, const ir::Graph& graph, const ir::Node& node,
                                 const ops::Dims& ours) {
  if (ours.has(Axis::element)) return all_elements(theirs, read_by(graph, node), ours);
  return ours.rank() == 1 ? one_per_channel(theirs, ours) : windows(theirs, node, ours);
}

std::optional<LaidOut> batch_norm(const ForeignLayer& layer, int64_t channels) {
  if (part(layer, "running_mean") == nullptr || part(layer, "running_var") == nullptr) return {};
  std::vector<float> rows;
  for (const auto& [role, fallback] : {std::pair("weight", 1.0f), {"running_mean", 0.0f}, {"running_var", 1.0f}}) {
    const auto row = per_channel(part(layer, role), channels, fallback);
    if (!row) return {};
    rows.insert(rows.end(), row->begin(), row->end());
  }
  return LaidOut{{{"weight", ir::make_tensor(DType::f32, {3, channels}, rows)}}, {}};
}

}  // namespace

std::optional<LaidOut> lay_out(const ForeignLayer& layer, const ir::Graph& graph, const ir::Node& node) {
  const ops::Parameters ours = ir::parameters_of(graph, node);
  if (ours.weight.rank() == 0) return {};
  std::optional<LaidOut> result;
  if (ours.weight.has(Axis::part)) {
    result = batch_norm(layer, ours.weight.extent(Axis::out));
  } else if (const ir::Tensor* theirs = part(layer, "weight"); theirs && part(layer, "running_mean") == nullptr) {
    result = weight_of(*theirs, graph, node, ours.weight);
  }
  if (!result || ours.bias == 0) return result;
  const auto bias = per_channel(part(layer, "bias"), ours.bias, 0.0f);
  if (!bias) return {};
  result->constants["bias"] = ir::make_tensor(DType::f32, {ours.bias}, *bias);
  return result;
}

}  // namespace dimple::model
