// Networks are what their papers say, to the digit and to the wire.
#include "zoo/architectures.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/error.h"
#include "ir/cost.h"
#include "ir/semantics.h"
#include "ir/text.h"
#include "zoo/alexnet.h"
#include "zoo/attention_bnn.h"
#include "zoo/dimple_nano.h"
#include "zoo/ds48.h"
#include "zoo/embedded3.h"
#include "zoo/emotionnet_nano.h"

namespace dimple::zoo {
namespace {

constexpr const char* kEmotionNetNano = R"(graph emotionnet_nano
input : f32[48,48,3]
conv2d_1 = conv2d(input) out_channels=11 kernel=3 pad=1 : f32[48,48,11]
relu_1 = relu(conv2d_1) : f32[48,48,11]
conv2d_2 = conv2d(relu_1) out_channels=9 kernel=3 pad=1 : f32[48,48,9]
relu_2 = relu(conv2d_2) : f32[48,48,9]
conv2d_3 = conv2d(relu_2) out_channels=11 kernel=3 pad=1 : f32[48,48,11]
relu_3 = relu(conv2d_3) : f32[48,48,11]
add_1 = add(relu_1, relu_3) : f32[48,48,11]
add_2 = add(relu_1, add_1) : f32[48,48,11]
conv2d_4 = conv2d(add_1) out_channels=8 kernel=3 pad=1 : f32[48,48,8]
relu_4 = relu(conv2d_4) : f32[48,48,8]
conv2d_5 = conv2d(relu_4) out_channels=11 kernel=3 pad=1 : f32[48,48,11]
relu_5 = relu(conv2d_5) : f32[48,48,11]
add_3 = add(add_1, relu_5) : f32[48,48,11]
add_4 = add(add_2, add_3) : f32[48,48,11]
conv2d_6 = conv2d(add_3) out_channels=7 kernel=3 pad=1 : f32[48,48,7]
relu_6 = relu(conv2d_6) : f32[48,48,7]
conv2d_7 = conv2d(relu_6) out_channels=11 kernel=3 pad=1 : f32[48,48,11]
relu_7 = relu(conv2d_7) : f32[48,48,11]
add_5 = add(add_3, relu_7) : f32[48,48,11]
add_6 = add(add_4, add_5) : f32[48,48,11]
conv2d_8 = conv2d(add_6) out_channels=27 stride=2 : f32[24,24,27]
conv2d_9 = conv2d(add_5) out_channels=27 kernel=3 stride=2 pad=1 : f32[24,24,27]
relu_8 = relu(conv2d_9) : f32[24,24,27]
add_7 = add(relu_8, conv2d_8) : f32[24,24,27]
conv2d_10 = conv2d(add_7) out_channels=27 kernel=3 pad=1 : f32[24,24,27]
relu_9 = relu(conv2d_10) : f32[24,24,27]
conv2d_11 = conv2d(relu_9) out_channels=19 kernel=3 pad=1 : f32[24,24,19]
relu_10 = relu(conv2d_11) : f32[24,24,19]
conv2d_12 = conv2d(relu_10) out_channels=27 kernel=3 pad=1 : f32[24,24,27]
relu_11 = relu(conv2d_12) : f32[24,24,27]
add_8 = add(relu_9, relu_11) : f32[24,24,27]
add_9 = add(relu_9, add_8) : f32[24,24,27]
conv2d_13 = conv2d(add_8) out_channels=26 kernel=3 pad=1 : f32[24,24,26]
relu_12 = relu(conv2d_13) : f32[24,24,26]
conv2d_14 = conv2d(relu_12) out_channels=27 kernel=3 pad=1 : f32[24,24,27]
relu_13 = relu(conv2d_14) : f32[24,24,27]
add_10 = add(add_8, relu_13) : f32[24,24,27]
add_11 = add(add_9, add_10) : f32[24,24,27]
conv2d_15 = conv2d(add_11) out_channels=64 stride=2 : f32[12,12,64]
conv2d_16 = conv2d(add_10) out_channels=36 kernel=3 stride=2 pad=1 : f32[12,12,36]
relu_14 = relu(conv2d_16) : f32[12,12,36]
conv2d_17 = conv2d(relu_14) out_channels=64 kernel=3 pad=1 : f32[12,12,64]
relu_15 = relu(conv2d_17) : f32[12,12,64]
add_12 = add(relu_15, conv2d_15) : f32[12,12,64]
conv2d_18 = conv2d(add_12) out_channels=39 kernel=3 pad=1 : f32[12,12,39]
relu_16 = relu(conv2d_18) : f32[12,12,39]
conv2d_19 = conv2d(relu_16) out_channels=64 kernel=3 pad=1 : f32[12,12,64]
relu_17 = relu(conv2d_19) : f32[12,12,64]
add_13 = add(add_12, relu_17) : f32[12,12,64]
conv2d_20 = conv2d(add_13) out_channels=24 kernel=3 pad=1 : f32[12,12,24]
relu_18 = relu(conv2d_20) : f32[12,12,24]
conv2d_21 = conv2d(relu_18) out_channels=64 kernel=3 pad=1 : f32[12,12,64]
relu_19 = relu(conv2d_21) : f32[12,12,64]
add_14 = add(add_13, relu_19) : f32[12,12,64]
global_average_pool_1 = global_average_pool(add_14) : f32[1,1,64]
dense_1 = dense(global_average_pool_1) units=7 : f32[1,1,7]
)";

TEST(EmotionNetNano, HasThePublishedParametersAndMultiplyAdds) {
  const ir::Cost cost = ir::estimate_cost(make(EmotionNetNano{}));
  EXPECT_EQ(cost.parameters, 141'296);
  EXPECT_EQ(cost.multiply_adds, 44'665'792);
}

TEST(EmotionNetNano, IsWiredAsRead) { EXPECT_EQ(ir::print(make(EmotionNetNano{})), kEmotionNetNano); }

TEST(EmotionNetNano, TakesOtherWidthsWithoutOtherWires) {
  const ir::Graph wide = make(EmotionNetNano{.trunk = {16, 32, 96}, .inner = {{{8}, {16, 16, 16}, {48}}}});
  EXPECT_EQ(wide.type_of(wide.output()).shape, (ir::Shape{1, 1, 7}));
}

TEST(EmotionNetNano, ComesNearBothPublishedSizes) {
  EXPECT_NEAR(static_cast<double>(ir::estimate_cost(make(emotionnet_nano_s())).parameters), 137e3, 1e3);
  EXPECT_NEAR(static_cast<double>(ir::estimate_cost(make(emotionnet_nano_l())).parameters), 232e3, 1e3);
}

TEST(AlexNet, ReducedNeedsSystemCsOperations) {
  const int64_t operations = 2 * ir::estimate_cost(make(reduced_alexnet())).multiply_adds;
  EXPECT_NEAR(static_cast<double>(operations), 5.1e6, 0.1e6);
}

TEST(AttentionBnn, KeepsTheRulesOfBinaryNets) {
  const ir::Graph graph = make(AttentionBnn{});
  const ir::Cost cost = ir::estimate_cost(graph);
  EXPECT_NEAR(static_cast<double>(cost.parameters), 70e3, 1e3);
  int64_t binary = 0;
  for (const ir::NodeCost& node : cost.nodes) {
    if (!node.node.starts_with("binary_")) continue;
    binary += node.parameters;
    EXPECT_EQ(node.output.channels % 32, 0) << node.node;
  }
  EXPECT_GT(binary, cost.parameters * 9 / 10);  // nearly all of it shrinks to bits
  EXPECT_EQ(ir::name_of(graph.nodes.front().op), "conv2d");
  EXPECT_FALSE(graph.nodes.front().name.starts_with("binary_"));
  EXPECT_EQ(ir::name_of(graph.nodes.back().op), "dense");
}

TEST(Ds48, HasTheYardsticksParametersAndMultiplyAdds) {
  const ir::Cost cost = ir::estimate_cost(make(Ds48{}));
  EXPECT_EQ(cost.parameters, 64'519);
  EXPECT_EQ(cost.multiply_adds, 5'399'168);
}

// As shipped: a byte for each weight, four for every channel's bias, norms folded away.
int64_t int8_bytes(const ir::Graph& graph) {
  int64_t bytes = 0;
  for (const ir::Node& node : graph.nodes) {
    if (std::holds_alternative<ops::BatchNorm>(node.op)) continue;
    for (const ir::ParameterSpec& spec : ir::parameter_specs(node.op, ir::input_shapes(graph, node)))
      bytes += (spec.role == "bias" ? 4 : 1) * spec.trainable;
  }
  return bytes;
}

TEST(DimpleNano, FitsIntoTheBytesOfEachSize) {
  EXPECT_LE(int8_bytes(make(DimpleNano{})), 100'000);
  EXPECT_LE(int8_bytes(make(dimple_small())), 350'000);
  EXPECT_LE(int8_bytes(make(dimple_base())), 1'500'000);
}

TEST(Embedded3, HasThreeConvolutionsThreePoolsOneNormAndOneDenseLayer) {
  std::map<std::string, int> count;
  for (const ir::NodeCost& node : ir::estimate_cost(make(Embedded3{})).nodes) ++count[node.op];
  EXPECT_EQ(count["conv2d"], 3);
  EXPECT_EQ(count["max_pool"], 3);
  EXPECT_EQ(count["batch_norm"], 1);
  EXPECT_EQ(count["dense"], 1);
  EXPECT_EQ(count["dropout"], 1);
}

struct Published {
  const char* name;
  int64_t parameters, statistics;
};

// torchvision's and Keras' counts, at 1000 classes and 224x224x3.
TEST(Architectures, HaveThePublishedParametersToTheDigit) {
  for (const auto& [name, parameters, statistics] : {Published{"mobilenet_v2", 3'504'872, 34'112},
                                                     {"mobilenet_v3_small", 2'542'856, 12'112},
                                                     {"mobilenet_v3_large", 5'483'032, 24'400},
                                                     {"efficientnet_b0", 5'288'548, 42'016},
                                                     {"nasnet_mobile", 5'289'978, 5'326'716 - 5'289'978},
                                                     {"alexnet", 61'100'840, 0}}) {
    const ir::Cost cost = ir::estimate_cost(make(name, {.input = {224, 224, 3}, .classes = 1000}));
    EXPECT_EQ(cost.parameters, parameters) << name;
    EXPECT_EQ(cost.statistics, statistics) << name;
  }
}

// Their papers round: 300, 56, 219, 390, 564 M.
TEST(Architectures, NeedAboutThePublishedMultiplyAdds) {
  const auto millions = [](const char* name) {
    return static_cast<double>(ir::estimate_cost(make(name, {.input = {224, 224, 3}, .classes = 1000})).multiply_adds) /
           1e6;
  };
  EXPECT_NEAR(millions("mobilenet_v2"), 300, 5);
  EXPECT_NEAR(millions("mobilenet_v3_small"), 56, 3);
  EXPECT_NEAR(millions("mobilenet_v3_large"), 219, 4);
  EXPECT_NEAR(millions("efficientnet_b0"), 390, 10);
  EXPECT_NEAR(millions("nasnet_mobile"), 564, 20);
}

// What a batch norm gathers must be worth something after an epoch, or validation reads a net that is not there.
TEST(Architectures, StatisticsAreGatheredWithinAFewHundredSteps) {
  for (const Architecture& a : architectures())
    for (const ir::Node& node : a.make({.input = {64, 64, 3}, .classes = 7}).nodes)
      if (const auto* norm = std::get_if<ops::BatchNorm>(&node.op)) {
        EXPECT_GE(norm->momentum, 0.01f) << a.name;
      }
}

TEST(Architectures, EveryOneTakesOtherInputsClassesAndWidths) {
  for (const Architecture& a : architectures())
    for (const ir::Shape input : {ir::Shape{48, 48, 1}, {64, 64, 1}, {64, 64, 3}, {97, 80, 3}})
      for (const float width : {0.5f, 1.0f, 1.5f}) {
        const ir::Graph graph = a.make({.input = input, .classes = 8, .width = width});
        EXPECT_EQ(graph.name, a.name);
        EXPECT_EQ(graph.input.shape, input) << a.name;
        EXPECT_EQ(graph.type_of(graph.output()).shape, (ir::Shape{1, 1, 8})) << a.name;
      }
}

TEST(Architectures, AWiderOneHasMoreParameters) {
  for (const Architecture& a : architectures()) {
    int64_t before = 0;
    for (const float width : {0.5f, 1.0f, 2.0f}) {
      const int64_t parameters = ir::estimate_cost(a.make({.width = width})).parameters;
      EXPECT_GT(parameters, before) << a.name << " at " << width;
      before = parameters;
    }
  }
}

TEST(Architectures, AnImpossibleWidthIsAUsageError) {
  for (const float width : {0.0f, -1.0f, 17.0f, std::nanf("")})
    EXPECT_THROW(make("ds48", {.width = width}), host::Error) << width;
}

TEST(Architectures, AnUnknownNameIsAUsageErrorWithTheNearestOne) {
  try {
    make("emotionnet_nona");
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::usage);
    EXPECT_NE(error.hint().find("emotionnet_nano"), std::string::npos);
  }
}

}  // namespace
}  // namespace dimple::zoo
