#include "compile/layer_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compile/random_graph_testing.h"
#include "ir/evaluate.h"
#include "ir/text.h"

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
    ASSERT_EQ(noise.size(), linear_layers(c.made.real).size());
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
  for (const size_t node : linear_layers(c.made.real)) {
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
