#include "zoo/alexnet.h"

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

Value pool(Builder& g, Value x) {
  const ir::Shape& s = g.shape_of(x);
  return s.height < 3 || s.width < 3 ? x : g.max_pool(x, {.kernel = 3, .stride = 2});
}

// Windows that reach from the first pixel to the last and leave `most` steps.
Value average_to(Builder& g, Value x, int most) {
  const ir::Shape s = g.shape_of(x);
  if (s.height <= most && s.width <= most) return x;
  ops::Window w;
  if (s.height > most) w.stride_h = s.height / most, w.kernel_h = s.height - (most - 1) * w.stride_h;
  if (s.width > most) w.stride_w = s.width / most, w.kernel_w = s.width - (most - 1) * w.stride_w;
  return g.append(ops::AveragePool{w}, {x});
}

}  // namespace

AlexNet reduced_alexnet() {
  return {.name = "reduced_alexnet", .input = {64, 64, 1}, .classes = 2, .width = {16, 48, 96, 64, 64}, .hidden = 64};
}

ir::Graph make(const AlexNet& net) {
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier); };
  Builder g(net.name, net.input);
  Value x = g.conv(g.input(), wide(net.width[0]), {.kernel = 11, .stride = 4, .pad = 2, .name = "features.0"});
  x = pool(g, g.relu(x));
  x = pool(g, g.relu(g.conv(x, wide(net.width[1]), {.kernel = 5, .name = "features.3"})));
  x = g.relu(g.conv(x, wide(net.width[2]), {.name = "features.6"}));
  x = g.relu(g.conv(x, wide(net.width[3]), {.name = "features.8"}));
  x = pool(g, g.relu(g.conv(x, wide(net.width[4]), {.name = "features.10"})));

  x = g.flatten(average_to(g, x, net.pooled));
  x = g.relu(g.dense(g.dropout(x, net.dropout), wide(net.hidden), "classifier.1"));
  x = g.relu(g.dense(g.dropout(x, net.dropout), wide(net.hidden), "classifier.4"));
  return g.finish(g.dense(x, net.classes, "classifier.6"));
}

}  // namespace dimple::zoo
