#include "zoo/dimple_nano.h"

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

Value conv(Builder& g, Value x, int width, const ir::ConvOptions& o = {}) { return g.batch_norm(g.conv(x, width, o)); }
Value conv_relu(Builder& g, Value x, int width, const ir::ConvOptions& o = {}) { return g.relu(conv(g, x, width, o)); }
Value residual_pair(Builder& g, Value x, int width) { return g.relu(g.add(x, conv(g, conv_relu(g, x, width), width))); }

}  // namespace

ir::Graph make(const DimpleNano& net) {
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier); };
  const int fine = wide(net.width[0]), middle = wide(net.width[1]), coarse = wide(net.width[2]);
  Builder g("dimple_nano", net.input);
  Value x = conv_relu(g, g.input(), fine, {.stride = 2});
  x = residual_pair(g, x, fine);

  x = conv_relu(g, x, middle, {.stride = 2});
  x = residual_pair(g, x, middle);
  x = residual_pair(g, x, middle);
  x = g.add(x, conv_relu(g, x, middle));

  x = conv_relu(g, x, coarse, {.stride = 2});
  x = conv_relu(g, x, wide(net.squeeze), {.kernel = 1});
  x = conv_relu(g, x, coarse);
  return g.finish(g.dense(g.dropout(g.global_average_pool(x), net.dropout), net.classes));
}

}  // namespace dimple::zoo
