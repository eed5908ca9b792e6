#include "zoo/efficientnet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "zoo/channels.h"
#include "zoo/mobile_blocks.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

struct BlockOptions {
  int kernel, stride, expand, channels;
  float drop_path;
};

Value mobile_block(Builder& g, Value x, const std::string& module, const BlockOptions& b) {
  const int from = g.shape_of(x).channels;
  int part = 0;
  const auto next = [&] { return fmt::format("{}.block.{}", module, part++); };
  Value y = x;
  if (b.expand != 1)
    y = conv_layer(g, y, nearest_channels(static_cast<float>(from * b.expand)), inside(next()),
                   {.kernel = 1, .curve = Curve::swish});
  y = depthwise_layer(g, y, inside(next()), {.kernel = b.kernel, .stride = b.stride, .curve = Curve::swish});
  y = squeeze_excite(g, y, next(), {.squeeze = std::max(1, from / 4), .curve = Curve::swish});
  y = conv_layer(g, y, b.channels, inside(next()), {.kernel = 1});
  if (b.stride != 1 || from != b.channels) return y;
  return g.add(x, b.drop_path > 0 ? g.drop_path(y, b.drop_path) : y);
}

}  // namespace

ir::Graph make(const EfficientNet& net) {
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier); };
  const auto deep = [&](int blocks) { return static_cast<int>(std::ceil(static_cast<float>(blocks) * net.depth)); };
  int all_blocks = 0;
  for (const EfficientNet::Stage& s : net.stages) all_blocks += deep(s.blocks);

  Builder g(net.name, net.input);
  Value x = conv_layer(g, g.input(), wide(net.stem), inside("features.0"), {.stride = 2, .curve = Curve::swish});
  int stage = 0, block = 0;
  for (const auto& [expand, kernel, stride, channels, blocks] : net.stages) {
    ++stage;
    for (int i = 0; i < deep(blocks); ++i, ++block) {
      const float drop_path = net.drop_path * static_cast<float>(block) / static_cast<float>(all_blocks);
      x = mobile_block(g, x, fmt::format("features.{}.{}", stage, i),
                       {kernel, i == 0 ? stride : 1, expand, wide(channels), drop_path});
    }
  }
  x = conv_layer(g, x, 4 * g.shape_of(x).channels, inside(fmt::format("features.{}", stage + 1)),
                 {.kernel = 1, .curve = Curve::swish});
  x = g.dropout(g.global_average_pool(x), net.dropout);
  return g.finish(g.dense(x, net.classes, "classifier.1"));
}

}  // namespace dimple::zoo
