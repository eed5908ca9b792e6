#include "zoo/emotionnet_nano.h"

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

// A squeezed pair, width -> inner -> width, added back to where it began.
Value residual_pair(Builder& g, Value x, int inner, int width) {
  return g.add(x, g.relu(g.conv(g.relu(g.conv(x, inner)), width)));
}

// The residual pairs of a stage; `trunk_sum` gathers every tensor its trunk passes through.
Value stage(Builder& g, Value x, const std::vector<int>& inner, int width, Value& trunk_sum) {
  trunk_sum = x;
  for (const int w : inner) {
    x = residual_pair(g, x, w, width);
    trunk_sum = g.add(trunk_sum, x);
  }
  return x;
}

EmotionNetNano widened(EmotionNetNano net) {
  const auto widen = [&](int& channels) { channels = scaled_channels(channels, net.multiplier, 1); };
  for (int& w : net.trunk) widen(w);
  for (std::vector<int>& stage : net.inner)
    for (int& w : stage) widen(w);
  widen(net.bridge);
  return net;
}

}  // namespace

EmotionNetNano emotionnet_nano_s() {
  return {.name = "emotionnet_nano_s", .trunk = {11, 27, 63}, .inner = {{{9, 8, 7}, {19, 25}, {38, 23}}}, .bridge = 36};
}

EmotionNetNano emotionnet_nano_l() {
  return {
      .name = "emotionnet_nano_l", .trunk = {14, 35, 82}, .inner = {{{12, 10, 9}, {24, 33}, {50, 31}}}, .bridge = 46};
}

// A stage's 1x1 stride-2 shortcut takes the sum of that stage's trunk and is added where the trunk next has its width.
ir::Graph make(const EmotionNetNano& asked) {
  const EmotionNetNano net = widened(asked);
  Builder g(net.name, net.input);
  Value sum = ir::kInput;
  Value x = g.relu(g.conv(g.input(), net.trunk[0]));
  x = stage(g, x, net.inner[0], net.trunk[0], sum);

  Value shortcut = g.conv(sum, net.trunk[1], {.kernel = 1, .stride = 2});
  x = g.add(g.relu(g.conv(x, net.trunk[1], {.stride = 2})), shortcut);
  x = g.relu(g.conv(x, net.trunk[1]));
  x = stage(g, x, net.inner[1], net.trunk[1], sum);

  shortcut = g.conv(sum, net.trunk[2], {.kernel = 1, .stride = 2});
  x = g.relu(g.conv(x, net.bridge, {.stride = 2}));
  x = g.add(g.relu(g.conv(x, net.trunk[2])), shortcut);
  for (const int w : net.inner[2]) x = residual_pair(g, x, w, net.trunk[2]);

  return g.finish(g.dense(g.global_average_pool(x), net.classes));
}

}  // namespace dimple::zoo
