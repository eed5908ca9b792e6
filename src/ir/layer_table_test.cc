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

LayerRow row_named(const char* name, const char* window = "") {
  LayerRow row;
  row.name = name, row.window = window;
  return row;
}

TEST(LayerTable, PutsLayersOfOneNameBesideEachOther) {
  const std::vector<LayerRow> first{row_named("stem", "3x3"), row_named("gone"), row_named("last")};
  const std::vector<LayerRow> found{row_named("stem", "1x1"), row_named("new"), row_named("last")};
  std::string text;
  for (const auto& [a, b] : side_by_side(first, found))
    text += (a ? a->name + a->window : "-") + "|" + (b ? b->name + b->window : "-") + "\n";
  EXPECT_EQ(text, "stem3x3|stem1x1\n-|new\ngone|-\nlast|last\n");
  EXPECT_EQ(side_by_side(first, {}).size(), 3u);
  EXPECT_EQ(side_by_side({}, found).size(), 3u);
}

}  // namespace
}  // namespace dimple::ir
