#include "compile/layer_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compile/random_graph_testing.h"
#include "ir/evaluate.h"
#include "ir/packed_weight.h"
#include "ir/text.h"
#include "ir/traits.h"
#include "ir/verify.h"

namespace dimple::compile {
namespace {

struct Case {
  ir::Graph graph;
  std::vector<int8_t> codes;
  Quantised made;
  CalibrationSet set() const { return {codes, 1.0f / 128}; }
};

Case make_case(uint32_t seed) {
  RandomGraph random(seed);
  Case c;
  c.graph = random.make();
  c.codes = random.codes(c.graph, 5);
  c.made = quantise_both(c.graph, c.set());
  return c;
}

TEST(LayerNoise, IsThatOfTheGraphInWhichThisLayerAloneIsRounded) {
  for (uint32_t seed = 1; seed <= 8; ++seed) {
    const Case c = make_case(seed);
    const auto noise = measure_layer_noise(c.made, c.set());
    ASSERT_EQ(noise.size(), ir::linear_layers(c.made.real).size());
    for (const LayerNoise& layer : noise) {
      const ir::Graph rounded = round_one_layer(c.made, layer.node);
      double signal = 0, off = 0;
      for (size_t p = 0; p < 5; ++p) {
        const ir::Tensor picture = real_picture(c.made.real, c.set(), p);
        const ir::Tensor a = ir::evaluate(c.made.real, picture)[layer.node + 1],
                         b = ir::evaluate(rounded, picture)[layer.node + 3];  // behind its codes
        for (size_t i = 0; i < a.as<float>().size(); ++i) {
          const double x = static_cast<double>(a.as<float>()[i]), y = static_cast<double>(b.as<float>()[i]);
          signal += x * x, off += (x - y) * (x - y);
        }
      }
      EXPECT_NEAR(layer.snr_db, 10 * std::log10(signal / off), 1e-6) << "seed " << seed;
      EXPECT_GT(layer.snr_db, 15) << "seed " << seed;
    }
  }
}

TEST(LayerNoise, AllOtherLayersStayWhatTheyAre) {
  const Case c = make_case(2);
  for (const size_t node : ir::linear_layers(c.made.real)) {
    const std::string& name = c.made.real.nodes[node].name;
    const ir::Graph rounded = round_one_layer(c.made, node);
    for (const auto& [key, tensor] : c.made.real.constants)
      EXPECT_EQ(rounded.constants.at(key) == tensor, key != name + ".weight" && key != name + ".bias") << key;
    EXPECT_EQ(rounded.nodes[node + 1].type, c.made.integer.nodes[node].type);
  }
}

TEST(LayerNoise, DoesNotDependOnTheNumberOfThreads) {
  const Case c = make_case(4);
  const auto one = measure_layer_noise(c.made, c.set(), 1), three = measure_layer_noise(c.made, c.set(), 3);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].snr_db, three[i].snr_db);
}

TEST(LayerNoise, WeightsInFewBitsKeepTheirs) {
  ir::Builder g("few", {6, 6, 32});
  ir::Graph graph = g.finish(g.conv(g.conv(g.sign(g.input()), 8, {.name = "bits"}), 4, {.name = "coded"}));
  ir::initialise(graph, 1);
  graph.constants["bits.weight_scale"] = ir::make_tensor(DType::f32, {8}, std::vector<float>(8, 0.5f));
  std::vector<uint8_t> codes(4 * 9 * 8);
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<uint8_t>(i * 7 % 16);
  std::vector<float> book(16);
  for (size_t i = 0; i < book.size(); ++i) book[i] = static_cast<float>(i) / 9 - 0.7f;
  graph.constants["coded.weight"] = ir::pack_codes(DType::c4, graph.constants.at("coded.weight").dims, codes);
  graph.constants["coded.codebook"] = ir::make_tensor(DType::f32, {1, 16}, book);
  graph.constants["coded.weight_scale"] = ir::make_tensor(DType::f32, {4}, std::vector<float>(4, 0.25f));
  RandomGraph random(1);
  const auto pictures = random.codes(graph, 3);
  const CalibrationSet set{pictures, 1.0f / 128};
  const Quantised made = quantise_both(graph, set);
  for (const LayerNoise& layer : measure_layer_noise(made, set)) {
    EXPECT_GT(layer.snr_db, 25) << made.real.nodes[layer.node].name;
    EXPECT_NO_THROW(ir::verify(round_one_layer(made, layer.node)));
  }
}

TEST(LayerNoise, ALayerWhoseValuesAreCodesMakesNone) {
  ir::Graph graph = ir::parse("graph g\ninput : f32[1,1,2]\na = dense(input) units=2 : f32[1,1,2] * 0.0078125 @ 0\n");
  graph.constants["a.weight"] = ir::make_tensor<float>(DType::f32, {2, 2}, {1, 0, 0, 1});
  graph.constants["a.bias"] = ir::make_tensor<float>(DType::f32, {2}, {0, 0});
  const std::vector<int8_t> codes{1, 2, -128, 127, 64, -3};
  const CalibrationSet set{codes, 1.0f / 128};
  EXPECT_EQ(measure_layer_noise(quantise_both(graph, set), set)[0].snr_db, kNoNoise);
}

}  // namespace
}  // namespace dimple::compile
