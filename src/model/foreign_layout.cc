#include "model/foreign_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "ir/semantics.h"

namespace dimple::model {
namespace {

using Dims = std::vector<int64_t>;

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

// [out][in][h][w] -> [out][h][w][in], `planes` of theirs summed for each of ours.
ir::Tensor conv_weight(const ir::Tensor& theirs, const Dims& ours, int64_t planes) {
  const int64_t out = ours[0], area = ours[1] * ours[2], in = ours[3];
  ir::Tensor t = ir::make_tensor(DType::f32, ours);
  const auto from = theirs.as<float>();
  const auto to = t.as<float>();
  for (int64_t o = 0; o < out; ++o)
    for (int64_t i = 0; i < in * planes; ++i)
      for (int64_t p = 0; p < area; ++p)
        to[static_cast<size_t>((o * area + p) * in + i / planes)] +=
            from[static_cast<size_t>((o * in * planes + i) * area + p)];
  return t;
}

// What a dense layer reads, before flattening: rows and columns that the flat order has in front of the channels.
ir::Shape read_by(const ir::Graph& graph, const ir::Node& node) {
  ir::Value v = node.inputs[0];
  while (v != ir::kInput && (std::holds_alternative<ops::Flatten>(graph.node_of(v).op) ||
                             std::holds_alternative<ops::Dropout>(graph.node_of(v).op)))
    v = graph.node_of(v).inputs[0];
  return graph.type_of(v).shape;
}

// How much of place y (of `places`) the i-th of `windows` adaptive windows averages.
float share(int64_t i, int64_t y, int64_t windows, int64_t places) {
  const int64_t from = i * places / windows, to = ((i + 1) * places + windows - 1) / windows;
  return y < from || y >= to ? 0.0f : 1.0f / static_cast<float>(to - from);
}

// [units][channel][row][column], side x side places -> [units][row][column][channel] of what is read.
ir::Tensor dense_weight(const ir::Tensor& theirs, const Dims& ours, const ir::Shape& read, int64_t side_h,
                        int64_t side_w) {
  ir::Tensor t = ir::make_tensor(DType::f32, ours);
  const int64_t channels = read.channels, units = ours[0], inputs = channels * side_h * side_w;
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
              to[static_cast<size_t>(u * ours[1] + (y * read.width + x) * channels + c)] +=
                  factor * from[static_cast<size_t>(u * inputs + (c * side_h + i) * side_w + j)];
        }
  return t;
}

std::optional<LaidOut> weight_of(const ir::Tensor& theirs, const ir::Graph&, const ir::Node& node, const ops::Conv2d&,
                                 const Dims& ours) {
  const int64_t in = ours[3];
  if (same(theirs, {ours[0], in, ours[1], ours[2]})) return LaidOut{{{"weight", conv_weight(theirs, ours, 1)}}, {}};
  if (in == 1 && node.inputs[0] == ir::kInput && same(theirs, {ours[0], 3, ours[1], ours[2]}))
    return LaidOut{{{"weight", conv_weight(theirs, ours, 3)}}, "three colours summed to grey"};
  return {};
}

std::optional<LaidOut> weight_of(const ir::Tensor& theirs, const ir::Graph&, const ir::Node&,
                                 const ops::DepthwiseConv2d&, const Dims& ours) {
  if (!same(theirs, {ours[2], 1, ours[0], ours[1]})) return {};
  const Dims as_conv{1, ours[0], ours[1], ours[2]};  // channels are its inputs
  ir::Tensor t = conv_weight(theirs, as_conv, 1);
  t.dims = ours;
  return LaidOut{{{"weight", std::move(t)}}, {}};
}

std::optional<LaidOut> weight_of(const ir::Tensor& theirs, const ir::Graph& graph, const ir::Node& node,
                                 const ops::Dense&, const Dims& ours) {
  const ir::Shape read = read_by(graph, node);
  if (same(theirs, ours)) return LaidOut{{{"weight", dense_weight(theirs, ours, read, read.height, read.width)}}, {}};
  if (theirs.dtype != DType::f32 || theirs.dims.size() != 2 || theirs.dims[0] != ours[0]) return {};
  for (int64_t side = 2; side * side * read.channels <= theirs.dims[1]; ++side)
    if (side * side * read.channels == theirs.dims[1] && side >= read.height && side >= read.width)
      return LaidOut{{{"weight", dense_weight(theirs, ours, read, side, side)}},
                     fmt::format("{0}x{0} places summed to {1}x{2}", side, read.height, read.width)};
  return {};
}

std::optional<LaidOut> weight_of(const ir::Tensor& theirs, const ir::Graph&, const ir::Node&, const ops::Prelu&,
                                 const Dims& ours) {
  if (same(theirs, ours)) return LaidOut{{{"weight", ir::Tensor{DType::f32, ours, theirs.data}}}, {}};
  if (!same(theirs, {1})) return {};
  const std::vector<float> slopes(static_cast<size_t>(ours[0]), theirs.as<float>()[0]);
  return LaidOut{{{"weight", ir::make_tensor(DType::f32, ours, slopes)}}, "one slope for every channel"};
}

template <class Op>
std::optional<LaidOut> weight_of(const ir::Tensor&, const ir::Graph&, const ir::Node&, const Op&, const Dims&) {
  return {};
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
  std::optional<LaidOut> result;
  for (const ir::ParameterSpec& spec : ir::parameter_specs(node.op, ir::input_shapes(graph, node))) {
    if (spec.role == "bias") {
      const auto bias = per_channel(part(layer, "bias"), spec.dims[0], 0.0f);
      if (!bias || !result) return {};
      result->constants["bias"] = ir::make_tensor(DType::f32, spec.dims, *bias);
    } else if (std::holds_alternative<ops::BatchNorm>(node.op)) {
      result = batch_norm(layer, spec.dims[1]);
    } else if (const ir::Tensor* theirs = part(layer, "weight")) {
      if (part(layer, "running_mean") != nullptr) return {};
      result = std::visit([&](const auto& op) { return weight_of(*theirs, graph, node, op, spec.dims); }, node.op);
    }
  }
  return result;
}

}  // namespace dimple::model
