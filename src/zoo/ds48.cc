#include "zoo/ds48.h"

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {

ir::Graph make(const Ds48& net) {
  ir::Builder g("ds48", net.input);
  const auto norm_relu6 = [&](ir::Value x) { return g.relu6(net.batch_norm ? g.batch_norm(x) : x); };
  const auto wide = [&](int channels) { return scaled_channels(channels, net.multiplier); };
  ir::Value x = norm_relu6(g.conv(g.input(), wide(net.stem)));
  for (const auto& [stride, channels] : net.blocks) {
    x = norm_relu6(g.depthwise(x, {.stride = stride}));
    x = norm_relu6(g.conv(x, wide(channels), {.kernel = 1}));
  }
  return g.finish(g.dense(g.global_average_pool(x), net.classes));
}

}  // namespace dimple::zoo
