#include "zoo/mobile_blocks.h"

namespace dimple::zoo {
namespace {

using ir::Builder;
using ir::Value;

Value norm_and_bend(Builder& g, Value x, const LayerNames& names, const LayerOptions& o) {
  return bend(g, g.append(o.norm, {x}, names.norm), o.curve);
}

}  // namespace

Value bend(Builder& g, Value x, Curve curve) {
  switch (curve) {
    case Curve::relu: return g.relu(x);
    case Curve::relu6: return g.relu6(x);
    case Curve::hard_swish: return g.hard_swish(x);
    case Curve::swish: return g.swish(x);
    case Curve::none: break;
  }
  return x;
}

Value conv_layer(Builder& g, Value x, int width, const LayerNames& names, const LayerOptions& o) {
  return norm_and_bend(g, g.conv(x, width, {.kernel = o.kernel, .stride = o.stride, .name = names.conv}), names, o);
}

Value depthwise_layer(Builder& g, Value x, const LayerNames& names, const LayerOptions& o) {
  return norm_and_bend(g, g.depthwise(x, {.kernel = o.kernel, .stride = o.stride, .name = names.conv}), names, o);
}

Value squeeze_excite(Builder& g, Value x, const std::string& module, const GateOptions& o) {
  const int channels = g.shape_of(x).channels;
  Value gate = g.global_average_pool(x);
  gate = bend(g, g.conv(gate, o.squeeze, {.kernel = 1, .name = module + ".fc1"}), o.curve);
  gate = g.conv(gate, channels, {.kernel = 1, .name = module + ".fc2"});
  return g.multiply(x, o.hard ? g.hard_sigmoid(gate) : g.sigmoid(gate));
}

}  // namespace dimple::zoo
