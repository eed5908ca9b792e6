// The vocabulary of the mobile families (MobileNetV2, V3, EfficientNet): convolution, batch norm and activation in one
// word, and the squeeze-and-excite gate. Nodes carry the names that torchvision gives their weights, so that a state
// dict from there finds its place by name.
#pragma once
#include <string>

#include "ir/builder.h"

namespace dimple::zoo {

enum class Curve { none, relu, relu6, hard_swish, swish };

ir::Value bend(ir::Builder& g, ir::Value x, Curve curve);

struct LayerNames {
  std::string conv, norm;
};
// As torchvision names the two inside of one module.
inline LayerNames inside(const std::string& module) { return {module + ".0", module + ".1"}; }

struct LayerOptions {
  int kernel = 3;
  int stride = 1;
  Curve curve = Curve::none;
  ops::BatchNorm norm = {};
};

ir::Value conv_layer(ir::Builder& g, ir::Value x, int width, const LayerNames& names, const LayerOptions& o);
ir::Value depthwise_layer(ir::Builder& g, ir::Value x, const LayerNames& names, const LayerOptions& o);

struct GateOptions {
  int squeeze = 8;
  Curve curve = Curve::relu;
  bool hard = false;  // hard_sigmoid in place of sigmoid
};
// A factor for each channel, drawn from the mean of every channel.
ir::Value squeeze_excite(ir::Builder& g, ir::Value x, const std::string& module, const GateOptions& o);

}  // namespace dimple::zoo
