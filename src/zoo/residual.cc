#include "zoo/residual.h"

#include <fmt/format.h>

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {

ir::Graph make(const Residual& net) {
  ir::Builder g("residual", net.input);
  const auto conv = [&](ir::Value x, int width, const ir::ConvOptions& o) { return g.batch_norm(g.conv(x, width, o)); };
  ir::Value x = ir::kInput;
  for (size_t stage = 0; stage < net.width.size(); ++stage) {
    const int width = scaled_channels(net.width[stage], net.multiplier);
    x = g.relu(conv(x, width, {.stride = 2, .name = fmt::format("down_{}", stage + 1)}));
    for (int pair = 1; pair <= net.pairs; ++pair) {
      const std::string name = fmt::format("stage_{}.{}", stage + 1, pair);
      const ir::Value inner = g.relu(conv(x, width, {.name = name + "_in"}));
      x = g.relu(g.add(x, conv(inner, width, {.name = name + "_out"})));
    }
  }
  return g.finish(g.dense(g.global_average_pool(x), net.classes));
}

}  // namespace dimple::zoo
