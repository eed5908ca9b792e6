#include "zoo/embedded3.h"

#include "ir/builder.h"
#include "zoo/channels.h"

namespace dimple::zoo {

ir::Graph make(const Embedded3& net) {
  const auto wide = [&](int i) { return scaled_channels(net.width[static_cast<size_t>(i)], net.multiplier); };
  ir::Builder g("embedded3", net.input);
  ir::Value x = g.conv(g.input(), wide(0), {.kernel = net.first_kernel, .stride = net.first_stride});
  x = g.max_pool(g.relu(g.batch_norm(x)));
  x = g.max_pool(g.relu(g.conv(x, wide(1))));
  x = g.max_pool(g.relu(g.conv(x, wide(2))));
  return g.finish(g.dense(g.dropout(g.flatten(x), net.dropout), net.classes));
}

}  // namespace dimple::zoo
