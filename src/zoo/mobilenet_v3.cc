#include "zoo/mobilenet_v3.h"

#include <fmt/format.h>

#include "zoo/channels.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

constexpr Curve RE = Curve::relu, HS = Curve::hard_swish;
constexpr ops::BatchNorm kMobilenetV3Norm{.epsilon = 1e-3f, .momentum = 0.01f};

struct Widths {
  int expanded, channels;
};

Value bottleneck(Builder& g, Value x, const std::string& module, const MobileNetV3::Block& b, const Widths& w) {
  const int from = g.shape_of(x).channels;
  int part = 0;
  const auto next = [&] { return fmt::format("{}.block.{}", module, part++); };
  Value y = x;
  if (w.expanded != from)
    y = conv_layer(g, y, w.expanded, inside(next()), {.kernel = 1, .curve = b.curve, .norm = kMobilenetV3Norm});
  y = depthwise_layer(g, y, inside(next()), {b.kernel, b.stride, b.curve, kMobilenetV3Norm});
  if (b.gate) {
    const int squeeze = nearest_channels(static_cast<float>(w.expanded / 4));  // NOLINT: whole channels, then eights
    y = squeeze_excite(g, y, next(), {.squeeze = squeeze, .hard = true});
  }
  y = conv_layer(g, y, w.channels, inside(next()), {.kernel = 1, .norm = kMobilenetV3Norm});
  return b.stride == 1 && from == w.channels ? g.add(x, y) : y;
}

}  // namespace

//             kernel expanded channels gate curve stride
MobileNetV3 mobilenet_v3_large() {
  return {"mobilenet_v3_large",
          {{3, 16, 16, false, RE, 1},
           {3, 64, 24, false, RE, 2},
           {3, 72, 24, false, RE, 1},
           {5, 72, 40, true, RE, 2},
           {5, 120, 40, true, RE, 1},
           {5, 120, 40, true, RE, 1},
           {3, 240, 80, false, HS, 2},
           {3, 200, 80, false, HS, 1},
           {3, 184, 80, false, HS, 1},
           {3, 184, 80, false, HS, 1},
           {3, 480, 112, true, HS, 1},
           {3, 672, 112, true, HS, 1},
           {5, 672, 160, true, HS, 2},
           {5, 960, 160, true, HS, 1},
           {5, 960, 160, true, HS, 1}},
          1280};
}

MobileNetV3 mobilenet_v3_small() {
  return {"mobilenet_v3_small",
          {{3, 16, 16, true, RE, 2},
           {3, 72, 24, false, RE, 2},
           {3, 88, 24, false, RE, 1},
           {5, 96, 40, true, HS, 2},
           {5, 240, 40, true, HS, 1},
           {5, 240, 40, true, HS, 1},
           {5, 120, 48, true, HS, 1},
           {5, 144, 48, true, HS, 1},
           {5, 288, 96, true, HS, 2},
           {5, 576, 96, true, HS, 1},
           {5, 576, 96, true, HS, 1}},
          1024};
}

ir::Graph make(const MobileNetV3& net) {
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier); };
  int part = 0;
  const auto next = [&] { return fmt::format("features.{}", part++); };

  Builder g(net.name, net.input);
  Value x =
      conv_layer(g, g.input(), wide(net.stem), inside(next()), {.stride = 2, .curve = HS, .norm = kMobilenetV3Norm});
  for (const MobileNetV3::Block& b : net.blocks) x = bottleneck(g, x, next(), b, {wide(b.expanded), wide(b.channels)});
  x = conv_layer(g, x, 6 * g.shape_of(x).channels, inside(next()),
                 {.kernel = 1, .curve = HS, .norm = kMobilenetV3Norm});
  x = g.hard_swish(g.dense(g.global_average_pool(x), wide(net.last), "classifier.0"));
  return g.finish(g.dense(g.dropout(x, net.dropout), net.classes, "classifier.3"));
}

}  // namespace dimple::zoo
