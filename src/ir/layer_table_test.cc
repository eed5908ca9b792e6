#include "ir/layer_table.h"

#include <gmock/gmock.h>

#include "ir/builder.h"

namespace dimple::ir {
namespace {

TEST(LayerTable, HasALineForEachLayerAndEachSum) {
  Builder g("net", {12, 12, 1});
  Value x = g.relu(g.conv(g.input(), 8, {.stride = 2, .name = "stem"}));
  x = g.append(ops::Add{}, {x, g.conv(x, 8, {.name = "inner"})}, "sum");
  const std::string table = print_layers(g.finish(g.dense(g.global_average_pool(x), 3, "last")));
  EXPECT_EQ(table,
            "layer                    operator           window    channels  output\n"
            "stem                     conv2d             3x3/2          1>8  6x6\n"
            "inner                    conv2d             3x3            8>8  6x6\n"
            "sum                      add                                 8  6x6  of relu_1 and inner\n"
            "last                     dense                             8>3  1x1\n");
}

}  // namespace
}  // namespace dimple::ir
