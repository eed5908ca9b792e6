#include "nn/fake_quantise.h"

#include <gtest/gtest.h>

#include "compile/quantise_weights.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/traits.h"
#include "nn/net.h"

namespace dimple::nn {
namespace {

using torch::Tensor;

TEST(FakeQuantise, RoundsEachChannelOnItsOwnScaleAndHalvesAwayFromZero) {
  constexpr float kStep = 1.0f / 512;
  const Tensor steps = torch::tensor({{1.0f}, {kStep}});
  const Tensor weight = torch::tensor({{127.0f, 0.5f, -0.5f, -2.4f}, {0.0f, 127.0f, -1.5f, 2.49f}}) * steps;
  const Tensor wanted = torch::tensor({{127.0f, 1.0f, -1.0f, -2.0f}, {0.0f, 127.0f, -2.0f, 2.0f}}) * steps;
  EXPECT_TRUE(fake_quantise(weight, 0).equal(wanted));
  EXPECT_TRUE(fake_quantise(weight.t(), 1).equal(wanted.t()));
}

TEST(FakeQuantise, AChannelOfZerosStaysOne) {
  EXPECT_TRUE(fake_quantise(torch::zeros({2, 3}), 0).equal(torch::zeros({2, 3})));
}

// Every kind of weight that is shipped in codes, by norms, beside norms, under a sum.
ir::Graph small_graph() {
  ir::Builder g("small", {10, 9, 3});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 6)));
  x = g.relu6(g.add(g.batch_norm(g.depthwise(x)), x));
  x = g.prelu(g.conv(x, 5, {.kernel = 2, .stride = 2}));
  ir::Graph graph = g.finish(g.dense(x, 4));
  ir::initialise(graph, 3);
  return graph;
}

// The graph with the weights that its codes stand for.
ir::Graph rounded(const ir::Graph& graph) {
  ir::Graph integer = graph, result = graph;
  integer.input.scale = 1;
  for (ir::Node& node : integer.nodes) node.type.scale = 1;
  for (const ir::Node& node : graph.nodes) {
    if (!ir::is_linear(node.op)) continue;
    compile::quantise_weights(graph, node, integer, {.rule = compile::RangeRule::extremes});
    const auto codes = integer.constants.at(node.name + ".weight").as<int8_t>();
    const auto scales = integer.constants.at(node.name + ".weight_scale").as<float>();
    const auto weight = result.constants.at(node.name + ".weight").as<float>();
    const ops::Dims dims = ir::parameters_of(graph, node).weight;
    for (int64_t c = 0; c < dims.extent(ops::Axis::out); ++c)
      for (int64_t k = 0; k < dims.per_channel(); ++k) {
        const auto at = static_cast<size_t>(dims.index_of(c, k));
        weight[at] = scales[static_cast<size_t>(c)] * static_cast<float>(codes[at]);
      }
  }
  return result;
}

TEST(FakeQuantise, ANetRunsAndLearnsAsWithTheWeightsThatItsCodesStandFor) {
  const ir::Graph graph = small_graph();
  Net fake(graph, torch::kCPU, {.fake_quantise_weights = true}), plain(graph), real(rounded(graph));
  torch::manual_seed(2);
  const Tensor x = torch::randn({4, 3, 10, 9}), mix = torch::randn({4, 4});
  EXPECT_TRUE(fake.forward(x, false).equal(real.forward(x, false)));
  EXPECT_FALSE(fake.forward(x, false).equal(plain.forward(x, false)));
  const Tensor ours = fake.forward(x, true), theirs = real.forward(x, true);
  EXPECT_TRUE(ours.equal(theirs));
  (ours * mix).sum().backward(), (theirs * mix).sum().backward();
  // The surrogate: what a rounded weight would learn, the weight behind it learns.
  EXPECT_TRUE(fake.gradients().equal(real.gradients()));
  EXPECT_GT(fake.gradients().abs().max().item<float>(), 0);
}

TEST(FakeQuantise, WhatIsLearnedAndKeptIsNotRounded) {
  const ir::Graph graph = small_graph();
  EXPECT_EQ(Net(graph, torch::kCPU, {.fake_quantise_weights = true}).to_graph(), graph);
}

}  // namespace
}  // namespace dimple::nn
