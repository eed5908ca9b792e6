#include "zoo/mobilenet_v2.h"

#include <fmt/format.h>

#include <algorithm>

#include "zoo/channels.h"
#include "zoo/mobile_blocks.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

constexpr LayerOptions kPoint{.kernel = 1, .curve = Curve::relu6}, kLinear{.kernel = 1};

Value inverted_residual(Builder& g, Value x, const std::string& block, int width, int expand, int stride) {
  const int from = g.shape_of(x).channels;
  int part = 0;
  const auto next = [&] { return fmt::format("{}.conv.{}", block, part++); };
  Value y = x;
  if (expand != 1) y = conv_layer(g, y, from * expand, inside(next()), kPoint);
  y = depthwise_layer(g, y, inside(next()), {.stride = stride, .curve = Curve::relu6});
  const std::string conv = next();
  y = conv_layer(g, y, width, {conv, next()}, kLinear);
  return stride == 1 && from == width ? g.add(x, y) : y;
}

}  // namespace

ir::Graph make(const MobileNetV2& net) {
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier); };
  int part = 0;
  const auto next = [&] { return fmt::format("features.{}", part++); };

  Builder g("mobilenet_v2", net.input);
  Value x = conv_layer(g, g.input(), wide(net.stem), inside(next()), {.stride = 2, .curve = Curve::relu6});
  for (const auto& [expand, channels, blocks, stride] : net.stages)
    for (int i = 0; i < blocks; ++i) x = inverted_residual(g, x, next(), wide(channels), expand, i == 0 ? stride : 1);
  const int last = scaled_channels(net.last, std::max(1.0f, net.multiplier));
  x = conv_layer(g, x, last, inside(next()), kPoint);
  x = g.dropout(g.global_average_pool(x), net.dropout);
  return g.finish(g.dense(x, net.classes, "classifier.1"));
}

}  // namespace dimple::zoo
