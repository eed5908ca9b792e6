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

}  // namespace

ir::Graph make(const AttentionBnn& net) {
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier, 32); };
  Builder g("attention_bnn", net.input);
  Value x = g.prelu(g.batch_norm(g.conv(g.input(), wide(net.stem), {.stride = 2})));
  int number = 0;
  for (const auto& [channels, pool] : net.blocks) {
    const int from = g.shape_of(x).channels, width = wide(channels) > from ? 2 * from : from;
    Value y = g.conv(x, width, {.name = fmt::format("binary_{}", ++number)});
    if (pool) y = g.max_pool(y);
    y = channel_attention(g, g.batch_norm(y), net.squeeze);
    y = spatial_attention(g, y, net.spatial_kernel);
    x = g.prelu(g.add(y, shortcut(g, x, width, pool)));
  }
  return g.finish(g.dense(g.global_average_pool(x), net.classes));
}

}  // namespace dimple::zoo
