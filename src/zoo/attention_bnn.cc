#include "zoo/attention_bnn.h"

#include <fmt/format.h>

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

// A factor for each channel, from the mean and the maximum of every channel. One small net reads both, where the usual
// form runs a shared one twice.
Value channel_attention(Builder& g, Value x, int squeeze) {
  const Value seen = g.concat({g.global_average_pool(x), g.global_max_pool(x)});
  const Value inner = g.relu(g.conv(seen, squeeze, {.kernel = 1}));
  return g.multiply(x, g.sigmoid(g.conv(inner, g.shape_of(x).channels, {.kernel = 1})));
}

// A factor for each pixel, from the mean and the maximum over its channels.
Value spatial_attention(Builder& g, Value x, int kernel) {
  const Value seen = g.concat({g.channel_mean(x), g.channel_max(x)});
  return g.multiply(x, g.sigmoid(g.conv(seen, 1, {.kernel = kernel})));
}

// The shortcut has no weights: it is averaged where the block pools, and doubled where the block doubles its channels.
Value shortcut(Builder& g, Value x, int width, bool pool) {
  if (pool) x = g.average_pool(x);
  return g.shape_of(x).channels == width ? x : g.concat({x, x});
}

// The mean of |x| over channels and window: |x| is what PReLU gives for a slope of -1, with which it begins.
Value mean_size(Builder& g, Value x, int number) {
  const Value size = g.append(ops::Prelu{}, {x}, fmt::format("size_{}", number));
  return g.average_pool(g.channel_mean(size), {.kernel = 3, .stride = 1, .pad = 1});
}

Value attend(Builder& g, Value x, const AttentionBnn& net) {
  return spatial_attention(g, channel_attention(g, x, net.squeeze), net.spatial_kernel);
}

void begin_with_sizes(ir::Graph& graph) {
  for (const ir::Node& node : graph.nodes)
    if (node.name.starts_with("size_")) {
      const int64_t channels = node.type.shape.channels;
      graph.constants[node.name + ".weight"] =
          ir::make_tensor(DType::f32, {channels}, std::vector<float>(static_cast<size_t>(channels), -1));
    }
}

}  // namespace

ir::Graph make(const AttentionBnn& net) {
  using Attention = AttentionBnn::Attention;
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier, 32); };
  Builder g(net.name, net.input);
  const auto activate = [&](Value x) { return net.prelu ? g.prelu(x) : g.relu(x); };
  Value x = activate(g.batch_norm(g.conv(g.input(), wide(net.stem), {.stride = 2})));
  int number = 0;
  for (const auto& [channels, pool] : net.blocks) {
    const int from = g.shape_of(x).channels, width = wide(channels) > from ? 2 * from : from;
    Value y = g.conv(x, width, {.name = fmt::format("binary_{}", ++number)});
    if (net.input_scale) y = g.multiply(y, mean_size(g, x, number));
    if (pool) y = g.max_pool(y);
    if (net.attention == Attention::in_front) y = attend(g, y, net);
    y = g.batch_norm(y);
    if (net.attention == Attention::behind) y = attend(g, y, net);
    x = activate(g.add(y, shortcut(g, x, width, pool)));
  }
  ir::Graph graph = g.finish(g.dense(g.global_average_pool(x), net.classes));
  begin_with_sizes(graph);
  return graph;
}

}  // namespace dimple::zoo
