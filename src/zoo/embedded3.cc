#include "zoo/embedded3.h"

#include "ir/builder.h"

namespace dimple::zoo {

ir::Graph make(const Embedded3& net) {
  ir::Builder g("embedded3", net.input);
  ir::Value x = g.conv(g.input(), net.width[0], {.kernel = net.first_kernel, .stride = net.first_stride});
  x = g.max_pool(g.relu(g.batch_norm(x)));
  x = g.max_pool(g.relu(g.conv(x, net.width[1])));
  x = g.max_pool(g.relu(g.conv(x, net.width[2])));
  return g.finish(g.dense(g.dropout(g.flatten(x), net.dropout), net.classes));
}

}  // namespace dimple::zoo
