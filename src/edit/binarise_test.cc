#include "edit/binarise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "zoo/architectures.h"

namespace dimple::edit {
namespace {

ir::Graph graph_to_binarise() {
  ir::Builder g("small", {8, 8, 1});
  const ir::Value x = g.conv(g.input(), 32, {.name = "first"});
  const ir::Value y = g.add(x, g.batch_norm(g.conv(x, 32, {.name = "middle"})));
  ir::Graph graph = g.finish(g.dense(g.conv(y, 24, {.kernel = 1, .name = "point"}), 3, "last"));
  ir::initialise(graph, 1);
  return graph;
}

TEST(Binarise, TakesConvolutionsBetweenTheFirstAndTheLastLayer) {
  EXPECT_THAT(binary_layers(graph_to_binarise()), testing::ElementsAre("middle"));
  EXPECT_THAT(binary_layers(zoo::make("attention_bnn")), testing::ElementsAre("binary_1", "binary_2", "binary_3"));
}

TEST(Binarise, PutsASignInFrontThatNobodyElseReads) {
  ir::Graph graph = graph_to_binarise();
  binarise_activations(graph, {"middle"});
  ir::verify(graph);
  EXPECT_EQ(ir::print(graph),
            "graph small\n"
            "input : f32[8,8,1]\n"
            "first = conv2d(input) out_channels=32 kernel=3 pad=1 : f32[8,8,32]\n"
            "middle_sign = sign(first) : f32[8,8,32]\n"
            "middle = conv2d(middle_sign) out_channels=32 kernel=3 pad=1 : f32[8,8,32]\n"
            "batch_norm_1 = batch_norm(middle) : f32[8,8,32]\n"
            "add_1 = add(first, batch_norm_1) : f32[8,8,32]\n"
            "point = conv2d(add_1) out_channels=24 : f32[8,8,24]\n"
            "last = dense(point) units=3 : f32[1,1,3]\n");
  const ir::Graph once = graph;
  binarise_activations(graph, {"middle"});
  EXPECT_EQ(graph, once);
}

TEST(Binarise, ScalesSignsByTheMeanSizeOfTheirChannel) {
  ir::Graph graph = graph_to_binarise();
  const auto before = ir::float_weight(graph, graph.nodes[1]);
  binarise_weights(graph, {"middle"});
  ir::verify(graph);
  const auto after = ir::float_weight(graph, graph.nodes[1]);
  double mean = 0;
  for (size_t i = 0; i < 288; ++i) mean += std::abs(static_cast<double>(before.as<float>()[i])) / 288;
  for (size_t i = 0; i < 288; ++i) EXPECT_NEAR(after.as<float>()[i], before.as<float>()[i] >= 0 ? mean : -mean, 1e-6);
}

void expect_layer_refused(const std::string& layer, const std::string& why) {
  ir::Graph graph = graph_to_binarise();
  try {
    binarise_activations(graph, {"middle", layer});
    ADD_FAILURE() << layer;
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::usage);
    EXPECT_THAT(e.what(), testing::HasSubstr(why));
  }
  EXPECT_EQ(graph, graph_to_binarise());
}

TEST(Binarise, SaysWhyALayerCannotBeBinary) {
  expect_layer_refused("first", "the first layer stays full");
  expect_layer_refused("last", "dense has no binary form");
  expect_layer_refused("midle", "there is no layer 'midle'");
  expect_layer_refused("add_1", "add has no binary form");
}

}  // namespace
}  // namespace dimple::edit
