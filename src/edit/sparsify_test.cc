#include "edit/sparsify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "host/error.h"
#include "ir/initialise.h"
#include "ir/text.h"
#include "zoo/architectures.h"

namespace dimple::edit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Weights that count 1, -2, 3, ... in every layer.
ir::Graph counting() {
  ir::Graph graph = ir::parse(
      "graph g\n"
      "input : f32[2,2,2]\n"
      "first = conv2d(input) out_channels=2 : f32[2,2,2]\n"
      "each = depthwise_conv2d(first) kernel=2 : f32[1,1,2]\n"
      "wide = conv2d(each) out_channels=4 : f32[1,1,4]\n"
      "thin = conv2d(wide) out_channels=2 : f32[1,1,2]\n"
      "last = dense(thin) units=2 : f32[1,1,2]\n");
  ir::initialise(graph, 1);
  for (auto& [name, tensor] : graph.constants)
    for (size_t i = 0; i < tensor.as<float>().size(); ++i)
      tensor.as<float>()[i] = static_cast<float>(i + 1) * (i % 2 == 0 ? 1.0f : -1.0f);
  return graph;
}

std::vector<float> weights_of(const ir::Graph& graph, const std::string& node) {
  const auto w = graph.constants.at(node + ".weight").as<float>();
  return {w.begin(), w.end()};
}

TEST(Sparsify, TheSmallestOfEveryLayerLeave) {
  ir::Graph graph = counting();
  const ir::Graph before = graph;
  EXPECT_THAT(sparsify(graph, {.share = 0.5}),
              ElementsAre(LayerZeros{"first", 0, 4, true}, LayerZeros{"each", 0, 8, true}, LayerZeros{"wide", 4, 8},
                          LayerZeros{"thin", 4, 8}, LayerZeros{"last", 0, 4, true}));
  EXPECT_THAT(weights_of(graph, "wide"), ElementsAre(0, 0, 0, 0, 5, -6, 7, -8));
  for (const char* other : {"first.weight", "each.weight", "last.weight", "wide.bias"})
    EXPECT_EQ(graph.constants.at(other), before.constants.at(other)) << other;
}

TEST(Sparsify, SomeOfEveryFewStay) {
  ir::Graph graph = counting();
  sparsify(graph, {.n = 1, .m = 2});
  EXPECT_THAT(weights_of(graph, "wide"), ElementsAre(0, -2, 0, -4, 0, -6, 0, -8));
  graph = counting();
  graph.constants["thin.weight"].as<float>()[3] = 0.5f;
  sparsify(graph, {.n = 2, .m = 4}, {.leave = {"wide"}});
  EXPECT_THAT(weights_of(graph, "thin"), ElementsAre(0, -2, 3, 0, 0, 0, 7, -8));
  EXPECT_EQ(weights_of(graph, "wide"), weights_of(counting(), "wide"));
}

// Two channels side by side: 1 3 5 7 of the first, 2 4 6 8 of the second.
TEST(Sparsify, ARowIsOfOneOutputChannelHoweverItLies) {
  ir::Graph graph = counting();
  sparsify(graph, {.n = 1, .m = 4}, {.every_layer = true, .leave = {"first", "wide", "last"}});
  EXPECT_THAT(weights_of(graph, "each"), ElementsAre(0, 0, 0, 0, 0, 0, 7, -8));
}

TEST(Sparsify, OneRankingTakesFromTheLayerOfSmallWeights) {
  ir::Graph graph = counting();
  for (float& w : graph.constants["thin.weight"].as<float>()) w *= 0.25f;
  const auto zeros = sparsify(graph, {.share = 0.5}, {.global = true});
  EXPECT_EQ(zeros[2].zeros + zeros[3].zeros, 8);
  EXPECT_THAT(weights_of(graph, "wide"), ElementsAre(0, -2, 3, -4, 5, -6, 7, -8));
  EXPECT_THAT(weights_of(graph, "thin"), ElementsAre(0, 0, 0, 0, 0, 0, 0, -2));
}

TEST(Sparsify, WeightsThatCountByTheirSignStay) {
  ir::Graph graph = counting();
  graph.constants["wide.weight_scale"] = ir::make_tensor<float>(DType::f32, {4}, {1, 1, 1, 1});
  EXPECT_THAT(sparsify(graph, {.share = 0.5})[2], (LayerZeros{"wide", 0, 8, true}));
}

TEST(Sparsify, EqualWeightsLeaveFromTheFrontAndTwiceIsAsOnce) {
  ir::Graph graph = counting();
  for (float& w : graph.constants["wide.weight"].as<float>()) w = 1;
  sparsify(graph, {.share = 0.375});
  EXPECT_THAT(weights_of(graph, "wide"), ElementsAre(0, 0, 0, 1, 1, 1, 1, 1));
  const ir::Graph once = graph;
  sparsify(graph, {.share = 0.375});
  EXPECT_EQ(graph, once);
}

TEST(Sparsify, EveryArchitectureHasTheShareAsked) {
  for (const zoo::Architecture& arch : zoo::architectures()) {
    ir::Graph graph = zoo::make(arch.name, {.width = 0.25f});
    ir::initialise(graph, 1);
    int found = 0;
    for (const LayerZeros& layer : sparsify(graph, {.share = 0.8})) {
      if (layer.left_alone) continue;
      ++found;
      EXPECT_NEAR(static_cast<double>(layer.zeros), 0.8 * static_cast<double>(layer.total), 1.0)
          << arch.name << " " << layer.node;
    }
    EXPECT_GT(found, 0) << arch.name;
  }
}

TEST(Sparsify, PatternsAreReadBack) {
  EXPECT_EQ(parse_pattern("0.8"), (Pattern{.share = 0.8}));
  EXPECT_EQ(parse_pattern("2:4"), (Pattern{.n = 2, .m = 4}));
  for (const char* text : {"0.8", "2:4", "0"}) EXPECT_EQ(print(parse_pattern(text)), text);
  for (const char* text :
       {"", "x", "1", "-0.1", "nan", "0.5x", "4:2", "0:4", "2:", ":4", "2:4:8", "2:4x", "2:0", "-1:4", "1:99999"})
    EXPECT_THROW(parse_pattern(text), host::Error) << text;
}

std::string complaint_about(ir::Graph graph, const Pattern& pattern, const SparsifyOptions& options = {}) {
  const ir::Graph before = graph;
  try {
    sparsify(graph, pattern, options);
  } catch (const host::Error& error) {
    EXPECT_EQ(graph, before) << "what is refused changes nothing";
    return std::string(error.what()) + " / " + error.hint();
  }
  return "nothing";
}

TEST(Sparsify, RefusesWhatDoesNotFit) {
  EXPECT_THAT(complaint_about(counting(), {.share = 1}), HasSubstr("at least 0 and below 1, not 1"));
  EXPECT_THAT(complaint_about(counting(), {.n = 2, .m = 2}), HasSubstr("2 of 2 weights cannot stay"));
  EXPECT_THAT(
      complaint_about(counting(), {.n = 2, .m = 4}),
      HasSubstr("layer wide has 2 weights for each output channel, which are not rows of 4 / another N:M divides them"));
  EXPECT_THAT(complaint_about(counting(), {.n = 1, .m = 2}, {.global = true}), HasSubstr("no ranking over all layers"));
  EXPECT_THAT(complaint_about(counting(), {.share = 0.5}, {.leave = {"thim"}}),
              HasSubstr("there is no layer thim to leave alone / did you mean thin?"));
  ir::Graph graph = counting();
  graph.constants["thin.weight"].as<float>()[2] = std::nanf("");
  EXPECT_THAT(complaint_about(graph, {.share = 0.5}), HasSubstr("thin.weight holds what is no number"));
  graph.constants.erase("thin.weight");
  EXPECT_THAT(complaint_about(graph, {.share = 0.5}), HasSubstr("thin.weight is missing"));
  graph = ir::parse(
      "graph g\n"
      "input : s8[1,1,2] * 1 @ 0\n"
      "a = dense(input) units=1 : s8[1,1,1] * 1 @ 0\n");
  graph.constants = {{"a.weight", ir::make_tensor(DType::s8, {1, 2})},
                     {"a.weight_scale", ir::make_tensor<float>(DType::f32, {1}, {1})}};
  EXPECT_THAT(complaint_about(graph, {.share = 0.5}),
              HasSubstr("only float weights become sparse, and a.weight is s8"));
}

}  // namespace
}  // namespace dimple::edit
