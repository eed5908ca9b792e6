// The trainable executor gives what the reference kernels give.
#include "nn/net.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "ir/builder.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "zoo/architectures.h"
#include "zoo/dimple_nano.h"
#include "zoo/ds48.h"
#include "zoo/embedded3.h"

namespace dimple::nn {
namespace {

ir::Tensor random_input(const ir::Graph& graph, uint32_t seed) {
  const ir::Shape& s = graph.input.shape;
  ir::Tensor t = ir::make_tensor(DType::f32, {s.height, s.width, s.channels});
  std::mt19937 random(seed);
  for (float& v : t.as<float>()) v = static_cast<float>(random() % 2001) / 1000.0f - 1.0f;
  return t;
}

torch::Tensor to_torch(const ir::Tensor& t) {
  return torch::from_blob(const_cast<std::byte*>(t.data.data()), {1, t.dims[0], t.dims[1], t.dims[2]})
      .permute({0, 3, 1, 2})
      .clone();
}

// Batch norms that do something, so that a swapped mean and gamma would show.
void stir(ir::Graph& graph, uint32_t seed) {
  ir::initialise(graph, seed);
  std::mt19937 random(seed);
  for (auto& [name, tensor] : graph.constants)
    if (tensor.dims.size() == 1 || tensor.dims[0] == 3)
      for (float& v : tensor.as<float>()) v += 0.1f + static_cast<float>(random() % 100) / 300.0f;
}

void expect_same_as_it_is(const ir::Graph& graph) {
  Net net(graph);
  const ir::Tensor input = random_input(graph, 3);
  const torch::NoGradGuard no_grad;
  const auto ours = ir::evaluate(graph, input);
  const auto theirs = net.forward_all(to_torch(input), false);
  ASSERT_EQ(ours.size(), theirs.size());
  for (size_t v = 1; v < ours.size(); ++v) {
    const torch::Tensor got = theirs[v].permute({0, 2, 3, 1}).contiguous(),
                        want = to_torch(ours[v]).permute({0, 2, 3, 1});
    const double scale = std::max(1.0, want.abs().max().item<double>());
    EXPECT_LT((got - want).abs().max().item<double>() / scale, 1e-4) << graph.name << " " << graph.nodes[v - 1].name;
  }
}

void expect_same(ir::Graph graph) {
  stir(graph, 7);
  expect_same_as_it_is(graph);
}

// Not stirred: what is large deep inside drowns the digits that a sigmoid would show.
TEST(Net, GivesWhatTheReferenceKernelsGiveForEveryArchitecture) {
  for (const zoo::Architecture& architecture : zoo::architectures()) {
    SCOPED_TRACE(architecture.name);
    ir::Graph graph = architecture.make({.input = {32, 32, 1}, .classes = 3, .width = 0.5f});
    ir::initialise(graph, 7);
    expect_same_as_it_is(graph);
  }
}

TEST(Net, GivesWhatTheReferenceKernelsGiveForDs48WithBatchNorms) {
  expect_same(zoo::make(zoo::Ds48{.batch_norm = true}));
}

TEST(Net, GivesWhatTheReferenceKernelsGiveForEveryOtherOperator) {
  ir::Builder g("odd", {11, 9, 2});
  ir::Value x = g.append(ops::Pad{1, 0, 2, 1}, {g.input()});
  x = g.append(ops::Pad{-1, 2, 0, -1}, {x});
  x = g.append(ops::Conv2d{5, {3, 2, 2, 1, 1, 0, 0, 1}, ops::Activation::relu6}, {x});
  x = g.append(ops::DepthwiseConv2d{{2, 3, 1, 1, 0, 1, 1, 0}, ops::Activation::relu}, {x});
  x = g.average_pool(x, {.kernel = 3, .stride = 1, .pad = 1});
  x = g.max_pool(x, {.kernel = 3, .stride = 2, .pad = 1});
  x = g.dropout(g.flatten(x), 0.3f);
  expect_same(g.finish(g.softmax(g.dense(x, 4))));
}

TEST(Net, GivesWhatTheReferenceKernelsGiveForMobileAndAttentionOperators) {
  ir::Builder g("mobile", {13, 11, 2});
  ir::Value x = g.hard_swish(g.batch_norm(g.conv(g.input(), 6, {.stride = 2}), {.epsilon = 1e-3f, .momentum = 0.01f}));
  ir::Value squeezed = g.concat({g.global_average_pool(x), g.global_max_pool(x)});
  squeezed = g.conv(g.prelu(g.conv(squeezed, 3, {.kernel = 1})), 6, {.kernel = 1});
  x = g.multiply(x, g.hard_sigmoid(squeezed));
  const ir::Value seen = g.concat({g.channel_mean(x), g.channel_max(x)});
  x = g.multiply(x, g.sigmoid(g.conv(seen, 1, {.kernel = 7})));
  const ir::Value wide = g.swish(g.depthwise(g.conv(x, 5, {.dilation = 2}), {.dilation = 3}));
  const ir::Value pool = g.average_pool(x, {.kernel = 3, .stride = 1, .pad = 1, .count_include_pad = true});
  const ir::Value uneven = g.append(ops::AveragePool{{3, 3, 1, 1, 2, 0, 0, 2}, 1}, {x});
  x = g.concat({wide, g.multiply(pool, uneven), g.drop_path(x, 0.2f)});
  expect_same(g.finish(g.dense(x, 4)));
}

// d(loss)/dw by two-sided differences, of every weight.
void expect_slopes(ir::Graph graph, double tolerance, const std::function<torch::Tensor(Net&)>& loss) {
  stir(graph, 2);
  Net net(graph);
  loss(net).backward();
  const torch::Tensor gradients = net.gradients().clone(), weights = net.weights();
  const torch::NoGradGuard no_grad;
  constexpr float kStep = 1e-2f;
  for (int64_t i = 0; i < weights.numel(); ++i) {
    const float before = weights[i].item<float>();
    weights[i] = before + kStep;
    const double above = loss(net).item<double>();
    weights[i] = before - kStep;
    const double below = loss(net).item<double>();
    weights[i] = before;
    const double slope = (above - below) / (2 * double{kStep}), given = gradients[i].item<double>();
    EXPECT_NEAR(given, slope, tolerance + 0.02 * std::abs(slope)) << "weight " << i;
  }
}

// Values stay away from prelu's kink.
TEST(Net, GradientsAreWhatFiniteDifferencesSay) {
  ir::Builder g("smooth", {3, 2, 4});
  ir::Value x = g.conv(g.input(), 3, {.kernel = 1});
  const ir::Value per_channel = g.sigmoid(g.conv(g.global_average_pool(x), 3, {.kernel = 1}));
  const ir::Value per_pixel = g.channel_mean(g.swish(x));
  x = g.concat({g.prelu(g.multiply(x, per_channel)), g.multiply(x, per_pixel), g.multiply(x, x)});
  const ir::Graph graph = g.finish(x);
  const torch::Tensor input = to_torch(random_input(graph, 8)).repeat({2, 1, 1, 1});
  expect_slopes(graph, 0.01, [&](Net& net) { return net.forward(input, true).square().sum(); });
}

TEST(Net, GradientsOfNormsPoolsAndDenseLayersAgreeWithFiniteDifferences) {
  ir::Builder g("normed", {6, 6, 2});
  const ir::Value x = g.average_pool(g.depthwise(g.batch_norm(g.conv(g.input(), 3))));
  torch::manual_seed(2);
  const torch::Tensor input = torch::randn({5, 2, 6, 6}), mix = torch::randn({5, 4});
  expect_slopes(g.finish(g.softmax(g.dense(x, 4))), 0.02,
                [&](Net& net) { return (net.forward(input, true) * mix).sum(); });
}

// Sums behind batch norms in every place a graph may have them; channels that fill no vector.
ir::Graph shortcuts() {
  ir::Builder g("shortcuts", {9, 7, 3});
  const auto normed = [&](ir::Value x, int width) { return g.batch_norm(g.conv(x, width)); };
  const ir::Value fine = g.relu(normed(g.input(), 5));
  ir::Value x = g.relu(g.add(fine, normed(fine, 5)));                            // act(x + norm)
  x = g.add(g.relu6(normed(x, 5)), x);                                           // act(norm) + x
  x = g.append(ops::Add{ops::Activation::relu6}, {normed(x, 5), normed(x, 5)});  // the second takes the first
  const ir::Value twice = normed(x, 5);                                          // read by two: taken by none
  x = g.add(g.relu(twice), twice);
  const ir::Value wide = g.relu(normed(x, 17));
  x = g.relu(g.add(g.batch_norm(wide), g.relu(normed(wide, 17))));  // a norm of no product
  const ir::Value early = normed(x, 17);
  x = g.add(early, g.relu6(x));  // the other comes after the norm
  return g.finish(g.dense(g.global_average_pool(x), 4));
}

// What training runs (products inside their batch norms, activations in place) against one operator after the other.
TEST(Net, AFusedStepIsTheStepOfItsOperators) {
  for (ir::Graph graph :
       {zoo::make(zoo::Ds48{.batch_norm = true}), zoo::make(zoo::DimpleNano{.dropout = 0}), shortcuts()}) {
    stir(graph, 5);
    Net fused(graph), plain(graph);
    torch::manual_seed(4);
    const torch::Tensor x =
        torch::randn({6, graph.input.shape.channels, graph.input.shape.height, graph.input.shape.width});
    const torch::Tensor a = fused.forward(x, true), b = plain.forward_all(x, true).back().flatten(1),
                        mix = torch::randn(a.sizes());
    (a * mix).sum().backward(), (b * mix).sum().backward();
    const auto apart = [](const torch::Tensor& one, const torch::Tensor& other) {
      return ((one - other).abs().max() / other.abs().max()).item<double>();
    };
    EXPECT_LT(apart(a, b), 1e-4) << graph.name;
    EXPECT_LT(apart(fused.gradients(), plain.gradients()), 1e-3) << graph.name;
    EXPECT_LT(apart(fused.statistics(), plain.statistics()), 1e-4) << graph.name;
  }
}

TEST(Net, ADroppedPathIsDroppedForWholePicturesAndOnlyInTraining) {
  ir::Builder g("path", {2, 2, 3});
  Net net(g.finish(g.drop_path(g.input(), 0.5f)));
  net.seed(4);
  const torch::Tensor ones = torch::ones({64, 3, 2, 2});
  EXPECT_TRUE(net.forward(ones, false).equal(ones.flatten(1)));
  const torch::Tensor rows = net.forward(ones, true), first = rows.select(1, 0);
  EXPECT_TRUE(rows.equal(first.unsqueeze(1).expand_as(rows))) << "a picture is dropped as a whole";
  EXPECT_TRUE(((first == 0) | (first == 2)).all().item<bool>());
  EXPECT_GT(first.sum().item<float>(), 0);
  EXPECT_LT(first.sum().item<float>(), 128);
  net.seed(4);
  EXPECT_TRUE(net.forward(ones, true).equal(rows)) << "which ones follows from the seed";
}

TEST(Net, ABatchNormGathersWithItsMomentum) {
  ir::Builder g("norm", {1, 1, 1});
  ir::Graph graph = g.finish(g.batch_norm(g.input(), {.momentum = 0.25f}));
  ir::initialise(graph, 1);
  Net net(graph);
  net.forward(torch::full({8, 1, 1, 1}, 4.0f), true);
  EXPECT_FLOAT_EQ(net.statistics()[0].item<float>(), 1.0f);  // a quarter of the batch's mean, three of the old one's 0
}

TEST(Net, AFrozenNormUsesWhatItGatheredUntilItIsThawed) {
  ir::Graph graph = zoo::make(zoo::DimpleNano{.dropout = 0});
  stir(graph, 5);
  Net net(graph);
  torch::manual_seed(6);
  const auto& s = graph.input.shape;
  const torch::Tensor x = torch::randn({4, s.channels, s.height, s.width}), before = net.statistics().clone();
  net.freeze(std::vector<bool>(graph.nodes.size(), true));
  EXPECT_TRUE(net.forward(x, true).equal(net.forward(x, false)));
  EXPECT_TRUE(net.statistics().equal(before));
  net.freeze(std::vector<bool>(graph.nodes.size(), false));
  EXPECT_FALSE(net.forward(x, true).equal(net.forward(x, false)));
  EXPECT_FALSE(net.statistics().equal(before));
}

TEST(Net, HandsBackTheConstantsItWasGiven) {
  ir::Graph graph = zoo::make(zoo::Ds48{.batch_norm = true});
  stir(graph, 5);
  EXPECT_EQ(Net(graph).to_graph(), graph);
}

TEST(Net, ReplicasShareWeightsButNotGradients) {
  ir::Graph graph = zoo::make(zoo::Embedded3{});
  ir::initialise(graph, 1);
  Net net(graph), twin = net.replica();
  twin.forward(to_torch(random_input(graph, 1)).repeat({2, 1, 1, 1}), true).sum().backward();
  EXPECT_GT(twin.gradients().abs().sum().item<float>(), 0);
  EXPECT_EQ(net.gradients().abs().sum().item<float>(), 0);
  {
    const torch::NoGradGuard no_grad;
    net.weights().fill_(0.5f);
  }
  EXPECT_EQ(twin.weights().min().item<float>(), 0.5f);
}

}  // namespace
}  // namespace dimple::nn
