// a(x; w, b) -> c(; v)   =>   a(x; w / s, b / s) -> c(; v * s)     s of each channel between them
//
// For two linear operators, with relu in the first one or between them, and whatever else keeps factors (pools, pads,
// prelu): relu(y / s) * s = relu(y) for s > 0. With r the largest weight of a's output channel and q the largest that
// c multiplies this channel with, s = sqrt(r / q) makes both sqrt(r * q). A bias counts as a weight of a constant input
// 1: a channel of tiny weights and some bias would else be blown up. A channel that is small beside the others then
// keeps more of its codes: those of a value are shared by all of its channels, as are those of c's weights by all of c's
// input channels. A chain (conv, depthwise, conv) is gone through until it settles.
//
// Left alone: a pair with relu6, a sigmoid or a swish between (they have a scale of their own); a value that others read
// too, or that was trained for codes; weights in few bits; a channel that is all zero on one side.
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "compile/passes/passes.h"
#include "edit/surgery.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

constexpr int kMostRounds = 20;
constexpr double kSettled = 0.01;  // of a factor: one per cent more or less moves no code worth the name

bool has_plain_weight(const ir::Graph& graph, const ir::Node& node) {
  return ir::is_linear(node.op) && !ir::has_float_form(graph, node);
}

// The linear operator that alone sees what node i puts out, its channels in their places.
std::optional<size_t> find_partner(const ir::Graph& graph, size_t i) {
  const ops::Activation activation = ir::activation_of(graph.nodes[i].op);
  if (!has_plain_weight(graph, graph.nodes[i]) ||
      (activation != ops::Activation::none && activation != ops::Activation::relu))
    return {};
  for (auto v = static_cast<ir::Value>(i + 1); edit::has_one_reader(graph, v) && !graph.type_of(v).has_codes();) {
    const size_t reader = edit::readers_of(graph, v)[0];
    if (has_plain_weight(graph, graph.nodes[reader])) return reader;
    if (!ir::keeps_factors(graph.nodes[reader].op)) return {};
    v = static_cast<ir::Value>(reader + 1);
  }
  return {};
}

// Which channel of its output (or input) each weight of an operator belongs to, in the order in which they lie.
size_t out_channel(const ops::Dims& dims, size_t at) {
  const auto stride = static_cast<size_t>(dims.stride(ops::Axis::out));
  return at / stride % static_cast<size_t>(dims.extent(ops::Axis::out));
}
size_t in_channel(const ops::Dims& dims, size_t at, size_t channels) {
  const ops::Axis axis = dims.has(ops::Axis::in)        ? ops::Axis::in
                         : dims.has(ops::Axis::element) ? ops::Axis::element
                                                        : ops::Axis::out;  // its channels keep apart
  return at / static_cast<size_t>(dims.stride(axis)) % static_cast<size_t>(dims.extent(axis)) % channels;
}

template <class ChannelOf>
std::vector<double> largest_weights(std::span<const float> weight, size_t channels, ChannelOf&& channel_of) {
  std::vector<double> largest(channels);
  for (size_t at = 0; at < weight.size(); ++at) {
    double& most = largest[channel_of(at)];
    most = std::max(most, std::abs(static_cast<double>(weight[at])));
  }
  return largest;
}

// How far the largest factor is from 1.
double equalise_pair(ir::Graph& graph, const ir::Node& first, const ir::Node& second) {
  const auto channels = static_cast<size_t>(first.type.shape.channels);
  const ops::Dims written = ir::parameters_of(graph, first).weight, read = ir::parameters_of(graph, second).weight;
  const auto out = [&](size_t at) { return out_channel(written, at); };
  const auto in = [&](size_t at) { return in_channel(read, at, channels); };
  const std::span<float> w = graph.constants.at(first.name + ".weight").as<float>(),
                         v = graph.constants.at(second.name + ".weight").as<float>(),
                         b = graph.constants.at(first.name + ".bias").as<float>();
  const std::vector<double> r = largest_weights(w, channels, out), q = largest_weights(v, channels, in);
  std::vector<double> s(channels, 1.0);
  double furthest = 0;
  for (size_t c = 0; c < channels; ++c) {
    const double most = std::max(r[c], std::abs(static_cast<double>(b[c])));
    if (r[c] > 0 && q[c] > 0) s[c] = std::sqrt(most / q[c]);
    furthest = std::max(furthest, std::abs(s[c] - 1));
  }
  if (furthest < kSettled) return furthest;
  for (size_t at = 0; at < w.size(); ++at) w[at] = static_cast<float>(w[at] / s[out(at)]);
  for (size_t at = 0; at < v.size(); ++at) v[at] = static_cast<float>(v[at] * s[in(at)]);
  for (size_t c = 0; c < channels; ++c) b[c] = static_cast<float>(b[c] / s[c]);
  return furthest;
}

}  // namespace

int equalise_channels(ir::Graph& graph) {
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (const auto partner = find_partner(graph, i)) pairs.emplace_back(i, *partner);
  std::vector<bool> changed(pairs.size());
  for (int round = 0; round < kMostRounds; ++round) {
    double furthest = 0;
    for (size_t p = 0; p < pairs.size(); ++p) {
      const double off = equalise_pair(graph, graph.nodes[pairs[p].first], graph.nodes[pairs[p].second]);
      if (off >= kSettled) changed[p] = true;
      furthest = std::max(furthest, off);
    }
    if (furthest < kSettled) break;
  }
  return static_cast<int>(std::ranges::count(changed, true));
}

}  // namespace dimple::compile
