#include "zoo/dimple_nano.h"

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

Value conv(Builder& g, Value x, int width, const ir::ConvOptions& o = {}) { return g.batch_norm(g.conv(x, width, o)); }
Value conv_relu(Builder& g, Value x, int width, const ir::ConvOptions& o = {}) { return g.relu(conv(g, x, width, o)); }
Value residual_pairs(Builder& g, Value x, int width, int count) {
  for (int i = 0; i < count; ++i) x = g.relu(g.add(x, conv(g, conv_relu(g, x, width), width)));
  return x;
}

}  // namespace

ir::Graph make(const DimpleNano& net) {
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier); };
  const int fine = wide(net.width[0]), middle = wide(net.width[1]), coarse = wide(net.width[2]);
  Builder g(net.name, net.input);
  Value x = conv_relu(g, g.input(), fine, {.stride = 2});
  x = residual_pairs(g, x, fine, net.pairs[0]);

  x = conv_relu(g, x, middle, {.stride = 2});
  x = residual_pairs(g, x, middle, net.pairs[1]);
  x = g.add(x, conv_relu(g, x, middle));

  x = conv_relu(g, x, coarse, {.stride = 2});
  x = residual_pairs(g, x, coarse, net.pairs[2]);
  x = conv_relu(g, x, wide(net.squeeze), {.kernel = 1});
  x = conv_relu(g, x, coarse);
  return g.finish(g.dense(g.dropout(g.global_average_pool(x), net.dropout), net.classes));
}

}  // namespace dimple::zoo
