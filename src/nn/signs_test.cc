#include "nn/signs.h"

#include <gtest/gtest.h>

#include "ir/builder.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"
#include "nn/net.h"
#include "nn/slot.h"

namespace dimple::nn {
namespace {

using torch::Tensor;

TEST(Signs, AreScaledByTheMeanSizeOfTheirChannel) {
  const Tensor weight = torch::tensor({{0.5f, -0.25f, 0.0f}, {-1.0f, 1.0f, -1.0f}});
  EXPECT_TRUE(sign_of_weight(weight, 0).equal(torch::tensor({{0.25f, -0.25f, 0.25f}, {-1.0f, 1.0f, -1.0f}})));
  EXPECT_TRUE(sign_of_weight(weight.t(), 1).equal(sign_of_weight(weight, 0).t()));
}

TEST(Signs, LearnByTheirDeclaredSurrogate) {
  Tensor weight = torch::tensor({{0.5f, -1.5f, 1.0f}, {-0.1f, 2.0f, -1.0f}}, torch::requires_grad());
  Tensor scale = torch::tensor({2.0f, 3.0f}, torch::requires_grad());
  const Tensor dy = torch::tensor({{1.0f, 2.0f, 3.0f}, {4.0f, 5.0f, 6.0f}});
  (sign_of_weight(weight, 0, scale) * dy).sum().backward();
  EXPECT_TRUE(weight.grad().equal(torch::tensor({{1.0f, 0.0f, 3.0f}, {4.0f, 0.0f, 6.0f}})));
  EXPECT_TRUE(scale.grad().equal(torch::tensor({1.0f - 2 + 3, -4.0f + 5 - 6})));
}

// d sign(u) / du = 2 - 2 |u|, where that is positive.
TEST(Signs, OfValuesLearnByTheirDeclaredSurrogate) {
  Tensor x = torch::tensor({0.0f, 0.25f, -0.5f, 1.5f}).view({1, 4, 1, 1}).requires_grad_(true);
  Tensor shift = torch::tensor({0.5f, 0.0f, 0.25f, 0.0f}, torch::requires_grad());
  const std::vector<Tensor> in{x};
  const Tensor y = ops::forward(ops::Sign{}, Slot{in, {}, shift});
  EXPECT_TRUE(y.flatten().equal(torch::tensor({1.0f, 1.0f, -1.0f, 1.0f})));
  y.sum().backward();
  EXPECT_TRUE(x.grad().flatten().equal(torch::tensor({1.0f, 1.5f, 1.5f, 0.0f})));
  EXPECT_TRUE(shift.grad().equal(x.grad().flatten()));
}

// Latent signs, bits and codes in one net.
ir::Graph few_bits() {
  ir::Builder g("few_bits", {5, 4, 32});
  const ir::Value x = g.batch_norm(g.conv(g.sign(g.input()), 32, {.name = "latent"}));
  ir::Graph graph = g.finish(g.dense(g.conv(g.sign(x), 4, {.name = "bits"}), 4, "codes"));
  ir::initialise(graph, 1);
  for (float& beta : graph.constants.at("batch_norm_1.bias").as<float>()) beta = 0.003f;  // no sum is next to 0
  for (const auto& [node, channels] : {std::pair("latent", 32), {"bits", 4}, {"codes", 4}}) {
    std::vector<float> scales;
    for (int c = 0; c < channels; ++c) scales.push_back(0.01f * static_cast<float>(c % 5 + 1));
    graph.constants[std::string(node) + ".weight_scale"] = ir::make_tensor(DType::f32, {channels}, scales);
  }
  const auto pack = [&](const char* name, DType type, uint8_t mask) {
    ir::Tensor& weight = graph.constants.at(name);
    std::vector<uint8_t> codes(static_cast<size_t>(weight.elements()));
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<uint8_t>(i * 7 / 3) & mask;
    weight = ir::pack_codes(type, weight.dims, codes);
  };
  pack("bits.weight", DType::b1, 1), pack("codes.weight", DType::c4, 15);
  std::vector<float> book(32);
  for (size_t i = 0; i < book.size(); ++i) book[i] = static_cast<float>(i) / 16 - 1;
  graph.constants["codes.codebook"] = ir::make_tensor(DType::f32, {2, 16}, book);
  return graph;
}

TEST(FewBits, ANetRunsAsItsGraphAndKeepsWhatStandsStill) {
  const ir::Graph graph = few_bits();
  Net net(graph, torch::kCPU, {.learn_sign_scales = true});
  ir::Tensor x = ir::make_tensor(DType::f32, {5, 4, 32});
  for (size_t i = 0; i < x.as<float>().size(); ++i) x.as<float>()[i] = static_cast<float>(i * 37 % 41) / 20 - 1;
  const Tensor picture = torch::from_blob(x.data.data(), {1, 5, 4, 32}).permute({0, 3, 1, 2});
  const torch::NoGradGuard no_grad;
  const Tensor ours = net.forward(picture, false);
  const ir::Tensor theirs = ir::evaluate(graph, x).back();
  for (int64_t i = 0; i < 4; ++i)
    EXPECT_NEAR(ours[0][i].item<float>(), theirs.as<float>()[static_cast<size_t>(i)], 1e-5);
  EXPECT_EQ(net.to_graph(), Net(net.to_graph(), torch::kCPU, {.learn_sign_scales = true}).to_graph());
  EXPECT_EQ(net.to_graph().constants.at("bits.weight"), graph.constants.at("bits.weight"));
  EXPECT_EQ(net.to_graph().constants.at("codes.weight"), graph.constants.at("codes.weight"));
}

// The codebook of shared weights is smooth: finite differences say what it should learn.
TEST(FewBits, CodebooksAndScalesOfBitsLearnWhatFiniteDifferencesSay) {
  Net net(few_bits());
  torch::manual_seed(1);
  const Tensor x = torch::randn({3, 32, 5, 4}), mix = torch::randn({3, 4});
  const auto loss = [&] { return (net.forward(x, false) * mix).sum(); };
  loss().backward();
  const Tensor gradients = net.gradients().clone();
  const torch::NoGradGuard no_grad;
  const int64_t codebook = net.weights().numel() - 4 - 32, scales = codebook - 4 - 4;
  for (int64_t i = scales; i < codebook + 32; ++i) {
    if (i >= scales + 4 && i < codebook) continue;  // the biases between
    const float before = net.weights()[i].item<float>();
    net.weights()[i] = before + 0.01f;
    const double above = loss().item<double>();
    net.weights()[i] = before - 0.01f;
    const double below = loss().item<double>();
    net.weights()[i] = before;
    EXPECT_NEAR(gradients[i].item<double>(), (above - below) / 0.02, 0.02 + 0.01 * std::abs(above - below) / 0.02) << i;
  }
}

TEST(FewBits, LatentSignsAreBroughtBackBetweenMinusOneAndOne) {
  ir::Graph graph = few_bits();
  graph.constants.at("latent.weight").as<float>()[0] = 3;
  Net net(graph);
  EXPECT_LE(std::as_const(net).to_graph().constants.at("latent.weight").as<float>()[0], 1);
}

TEST(FewBits, AnEntryOfZeroStaysZeroWhereAsked) {
  ir::Graph graph = few_bits();
  graph.constants.at("codes.codebook").as<float>()[3] = 0;
  const double all = Net(graph).trained().sum().item<double>();  // entry 16 is zero from the beginning
  EXPECT_EQ(Net(graph, torch::kCPU, {.keep_zeros = true}).trained().sum().item<double>(), all - 2);
}

TEST(FewBits, ZerosStayZeroWhereAsked) {
  ir::Builder g("zeros", {4, 4, 2});
  ir::Graph graph = g.finish(g.dense(g.relu(g.conv(g.input(), 3)), 2));
  ir::initialise(graph, 3);
  for (auto& [name, tensor] : graph.constants)
    for (size_t i = 0; i < tensor.as<float>().size() && name.ends_with(".weight"); i += 2) tensor.as<float>()[i] = 0;
  Net net(graph, torch::kCPU, {.keep_zeros = true});
  const int64_t kept = net.trained().sum().item<int64_t>();
  EXPECT_EQ(kept, 27 + 3 + 48 + 2);
  graph.constants.at("dense_1.weight").as<float>()[1] = 0;
  net.take_zeros(graph);
  EXPECT_EQ(net.trained().sum().item<int64_t>(), kept - 1);
  EXPECT_EQ(net.to_graph(), graph);
}

}  // namespace
}  // namespace dimple::nn
