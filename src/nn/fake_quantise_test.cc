#include "nn/fake_quantise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "compile/quantise_weights.h"
#include "ir/builder.h"
#include "ir/evaluate.h"
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
    compile::quantise_weights(graph, node, integer, compile::RangeRule::extremes);
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

// Trained for codes of one scale, wherever they are.
ir::Graph for_codes(ir::Graph graph) {
  for (ir::Node& node : graph.nodes) node.type.scale = 0.05f;
  return graph;
}

TEST(FakeQuantise, ANetRunsAndLearnsAsWithTheWeightsThatItsCodesStandFor) {
  const ir::Graph graph = small_graph();
  Net fake(for_codes(graph)), plain(graph), real(for_codes(rounded(graph)));
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
  const ir::Graph graph = for_codes(small_graph());
  EXPECT_EQ(Net(graph).to_graph(), graph);
}

TEST(RoundToCodes, TakesTheNearestCodeHalvesUpwardsAndClamps) {
  const Tensor x = torch::tensor({0.0f, 0.24f, 0.25f, -0.25f, -0.26f, 100.0f, -100.0f, 66.0f});
  const Tensor wanted = torch::tensor({0.0f, 0.0f, 0.5f, 0.0f, -0.5f, 58.5f, -69.0f, 58.5f});
  EXPECT_TRUE(round_to_codes(x, torch::tensor(0.5f), 10).equal(wanted));
}

// Written once more, in operators of libtorch and by the words of the header.
std::pair<Tensor, Tensor> declared_gradients(const Tensor& x, const Tensor& dy, double scale, double zero_point) {
  const Tensor exact = x.to(torch::kFloat64) / scale, nearest = torch::floor(exact + 0.5);
  const Tensor code = nearest.clamp(-128 - zero_point, 127 - zero_point);
  const Tensor inside = (nearest == code).to(torch::kFloat64);
  const Tensor of_scale = (dy * (code - inside * exact)).sum() / std::sqrt(127.0 * static_cast<double>(x.numel()));
  return {dy * inside, of_scale};
}

TEST(RoundToCodes, LearnsByItsDeclaredSurrogate) {
  torch::manual_seed(4);
  for (const bool in_memory_order : {true, false}) {
    const Tensor values = torch::randn({2, 3, 5, 7}) * 3;
    Tensor x = (in_memory_order ? values : values.transpose(1, 3)).detach().requires_grad_(true);
    Tensor scale = torch::tensor(0.02f, torch::requires_grad());
    const Tensor dy = torch::randn_like(x);
    (round_to_codes(x, scale, -20) * dy).sum().backward();
    const auto [dx, of_scale] = declared_gradients(x.detach(), dy, 0.02f, -20);
    EXPECT_TRUE(x.grad().equal(dx.to(torch::kFloat32)));
    EXPECT_GT((dx == 0).sum().item<int64_t>(), 10);
    EXPECT_NEAR(scale.grad().item<float>(), of_scale.item<double>(), 1e-3 * std::abs(of_scale.item<double>()));
  }
}

TEST(FakeQuantise, LearnedRangesMoveAndOperatorsThatKeepCodesFollow) {
  ir::Builder g("ranges", {4, 4, 2});
  ir::Graph graph = g.finish(g.dense(g.max_pool(g.conv(g.input(), 3)), 2));
  ir::initialise(graph, 3);
  graph = for_codes(graph);
  Net net(graph, torch::kCPU, {.learn_ranges = true});
  EXPECT_EQ(net.weights().numel(), 3 * 18 + 3 + 2 * 12 + 2 + 2);  // and two ranges
  net.forward(torch::ones({1, 2, 4, 4}), true).sum().backward();
  const torch::NoGradGuard no_grad;
  EXPECT_GT(net.gradients().narrow(0, net.weights().numel() - 2, 2).abs().min().item<float>(), 0);
  net.weights().narrow(0, net.weights().numel() - 2, 1).add_(std::log(2.0f));
  const ir::Graph learned = net.to_graph();
  EXPECT_FLOAT_EQ(learned.nodes[0].type.scale, 0.1f);
  EXPECT_EQ(learned.nodes[1].type.scale, learned.nodes[0].type.scale);
  EXPECT_FLOAT_EQ(learned.nodes[2].type.scale, 0.05f);
}

// What is trained is what is shipped: every value of the integer graph is the code that training rounded to.
TEST(FakeQuantise, AnIntegerGraphComputesTheCodesThatTrainingSaw) {
  ir::Builder g("mobile", {12, 12, 1});
  ir::Value x = g.hard_swish(g.conv(g.input(), 8, {.stride = 2}));
  const ir::Value gate =
      g.hard_sigmoid(g.conv(g.relu(g.conv(g.global_average_pool(x), 4, {.kernel = 1})), 8, {.kernel = 1}));
  x = g.concat({g.multiply(x, gate), g.swish(g.depthwise(x))});
  x = g.prelu(g.add(g.conv(x, 16, {.kernel = 1}), g.average_pool(x, {.kernel = 3, .stride = 1, .pad = 1})));
  ir::Graph graph = g.finish(g.dense(g.relu6(g.max_pool(x)), 5));
  ir::initialise(graph, 8);
  graph = compile::optimise(graph);
  std::vector<int8_t> codes(16 * 144);
  std::mt19937 random(5);
  for (int8_t& code : codes) code = static_cast<int8_t>(random());
  const float scale = 1.0f / 32;
  const ir::Graph calibrated = compile::quantise(graph, {codes, scale});
  graph.input.take_codes_of(calibrated.input);
  for (size_t i = 0; i < graph.nodes.size(); ++i) graph.nodes[i].type.take_codes_of(calibrated.nodes[i].type);
  const ir::Graph integer = compile::quantise(graph, {{}, scale});
  Net net(graph);
  const torch::NoGradGuard no_grad;
  int64_t all = 0, other = 0;
  for (size_t picture = 0; picture < 16; ++picture) {
    const std::span<const int8_t> own(codes.data() + picture * 144, 144);
    const ir::Tensor in = ir::make_tensor(DType::s8, {12, 12, 1}, std::vector<int8_t>(own.begin(), own.end()));
    const auto want = ir::evaluate(integer, in);
    const Tensor real = torch::tensor(std::vector<float>(own.begin(), own.end())).view({1, 1, 12, 12}) * scale;
    const auto got = net.forward_all(real, false);
    for (size_t v = 1; v <= graph.nodes.size(); ++v) {
      const ir::ValueType& type = graph.nodes[v - 1].type;
      const Tensor given = (got[v].permute({0, 2, 3, 1}).contiguous() / type.scale + type.zero_point).round();
      const auto expected = want[v].as<int8_t>();
      for (size_t i = 0; i < expected.size(); ++i) {
        const int apart = std::abs(static_cast<int>(given.data_ptr<float>()[i]) - expected[i]);
        EXPECT_LE(apart, 4) << graph.nodes[v - 1].name;  // one step, grown by the steep parts of hard_swish and add
        ++all, other += apart != 0;
      }
    }
  }
  EXPECT_LT(static_cast<double>(other) / static_cast<double>(all), 0.005);
}

}  // namespace
}  // namespace dimple::nn
