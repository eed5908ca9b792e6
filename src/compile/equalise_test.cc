#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "compile/passes/passes.h"
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "compile/random_graph_testing.h"
#include "ir/evaluate.h"
#include "ir/text.h"

namespace dimple::compile {
namespace {

ir::Graph with_constants(const std::string& text) {
  ir::Graph graph = ir::parse("graph g\n" + text);
  ir::initialise(graph, 1);
  for (auto& [name, tensor] : graph.constants)
    if (name.ends_with(".bias"))
      for (float& b : tensor.as<float>()) b = 0.01f;
  return graph;
}

void expect_untouched(const std::string& text) {
  ir::Graph graph = with_constants(text);
  const ir::Graph before = graph;
  EXPECT_EQ(equalise_channels(graph), 0) << text;
  EXPECT_EQ(graph, before) << text;
}

void expect_pairs(const std::string& text, int pairs) {
  ir::Graph graph = with_constants(text);
  EXPECT_EQ(equalise_channels(graph), pairs) << text;
}

TEST(Equalise, BothSidesOfAChannelBecomeTheirGeometricMean) {
  ir::Graph graph = ir::parse(
      "graph g\ninput : f32[1,1,1]\na = conv2d(input) out_channels=2 activation=relu : f32[1,1,2]\n"
      "b = dense(a) units=2 : f32[1,1,2]\n");
  graph.constants["a.weight"] = ir::make_tensor<float>(DType::f32, {2, 1, 1, 1}, {8, -0.25f});
  graph.constants["a.bias"] = ir::make_tensor<float>(DType::f32, {2}, {4, 0});
  graph.constants["b.weight"] = ir::make_tensor<float>(DType::f32, {2, 2}, {2, 3, -1, -4});
  graph.constants["b.bias"] = ir::make_tensor<float>(DType::f32, {2}, {1, 1});
  EXPECT_EQ(equalise_channels(graph), 1);
  const auto near = [](std::vector<float> values) { return testing::Pointwise(testing::FloatNear(1e-6f), values); };
  EXPECT_THAT(graph.constants["a.weight"].as<float>(), near({4, -1}));  // s = 2 and 1/4
  EXPECT_THAT(graph.constants["a.bias"].as<float>(), near({2, 0}));
  EXPECT_THAT(graph.constants["b.weight"].as<float>(), near({4, 0.75f, -2, -1}));
  EXPECT_THAT(graph.constants["b.bias"].as<float>(), near({1, 1}));
}

TEST(Equalise, ComputesWhatTheGraphComputed) {
  int pairs = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph random(seed);
    const ir::Graph before = optimise(random.make());
    ir::Graph after = before;
    pairs += equalise_channels(after);
    const ir::Tensor picture = random.picture(before);
    const ir::Tensor expected = ir::evaluate(before, picture).back(), got = ir::evaluate(after, picture).back();
    for (size_t i = 0; i < expected.as<float>().size(); ++i)
      EXPECT_NEAR(expected.as<float>()[i], got.as<float>()[i], 1e-4f * (1 + std::abs(expected.as<float>()[i])));
  }
  EXPECT_GT(pairs, 20) << "the random graphs hold too few";
}

TEST(Equalise, GoesThroughWhatKeepsFactors) {
  for (const char* between :
       {"m = relu(a) : f32[4,4,4]\n", "m = prelu(a) : f32[4,4,4]\n", "m = pad(a) top=1 bottom=-1 : f32[4,4,4]\n",
        "m = max_pool(a) kernel=3 pad=1 : f32[4,4,4]\n", "m = average_pool(a) kernel=3 pad=1 : f32[4,4,4]\n"})
    expect_pairs(std::string("input : f32[4,4,1]\na = conv2d(input) out_channels=4 : f32[4,4,4]\n") + between +
                     "b = conv2d(m) out_channels=2 : f32[4,4,2]\n",
                 1);
  expect_pairs(
      "input : f32[4,4,1]\na = conv2d(input) out_channels=4 activation=relu : f32[4,4,4]\n"
      "p = global_average_pool(a) : f32[1,1,4]\nb = dense(p) units=2 : f32[1,1,2]\n",
      1);
}

TEST(Equalise, AChainSettles) {
  ir::Graph graph = with_constants(
      "input : f32[4,4,1]\na = conv2d(input) out_channels=6 activation=relu : f32[4,4,6]\n"
      "d = depthwise_conv2d(a) kernel=3 pad=1 activation=relu : f32[4,4,6]\nb = conv2d(d) out_channels=3 : "
      "f32[4,4,3]\n");
  const auto channel = [&](const char* name, size_t c, bool last) {  // of 6
    const auto w = graph.constants.at(name).as<float>();
    float most = 0;
    for (size_t i = 0; i < w.size(); ++i)
      if ((last ? i % 6 : i * 6 / w.size()) == c) most = std::max(most, std::abs(w[i]));
    return most;
  };
  EXPECT_EQ(equalise_channels(graph), 2);
  for (size_t c = 0; c < 6; ++c) {
    EXPECT_NEAR(channel("a.weight", c, false) / channel("d.weight", c, true), 1, 0.05) << c;
    EXPECT_NEAR(channel("d.weight", c, true) / channel("b.weight", c, true), 1, 0.05) << c;
  }
  EXPECT_EQ(equalise_channels(graph), 0);
}

TEST(Equalise, LeavesAloneWhatItWouldChange) {
  const std::string conv = "input : f32[4,4,1]\na = conv2d(input) out_channels=4 : f32[4,4,4]\n";
  for (const char* op : {"relu6", "swish", "hard_swish", "sigmoid", "hard_sigmoid"})
    expect_untouched(conv + "m = " + op + "(a) : f32[4,4,4]\nb = conv2d(m) out_channels=2 : f32[4,4,2]\n");
  expect_untouched(conv + "b = conv2d(a) out_channels=4 : f32[4,4,4]\ns = add(a, b) : f32[4,4,4]\n");
  expect_untouched(
      "input : f32[4,4,1]\na = conv2d(input) out_channels=4 activation=relu6 : f32[4,4,4]\n"
      "b = conv2d(a) out_channels=2 : f32[4,4,2]\n");
  expect_untouched(
      "input : f32[4,4,1]\na = conv2d(input) out_channels=4 : f32[4,4,4] * 0.1 @ 0\n"
      "b = conv2d(a) out_channels=2 : f32[4,4,2]\n");
  expect_untouched(conv + "m = channel_max(a) : f32[4,4,1]\nb = conv2d(m) out_channels=2 : f32[4,4,2]\n");
}

TEST(Equalise, ADeadChannelAndOneOfBiasAloneKeepTheirSize) {
  ir::Graph graph = ir::parse(
      "graph g\ninput : f32[1,1,1]\na = conv2d(input) out_channels=3 : f32[1,1,3]\nb = dense(a) units=1 : "
      "f32[1,1,1]\n");
  graph.constants["a.weight"] = ir::make_tensor<float>(DType::f32, {3, 1, 1, 1}, {0, 1e-20f, 1});
  graph.constants["a.bias"] = ir::make_tensor<float>(DType::f32, {3}, {2, 3, 0});
  graph.constants["b.weight"] = ir::make_tensor<float>(DType::f32, {1, 3}, {1, 1, 0});
  graph.constants["b.bias"] = ir::make_tensor<float>(DType::f32, {1}, {0});
  EXPECT_EQ(equalise_channels(graph), 1);
  const auto bias = graph.constants["a.bias"].as<float>();
  EXPECT_EQ(bias[0], 2);
  EXPECT_NEAR(bias[1], std::sqrt(3), 1e-6);
  EXPECT_EQ(graph.constants["a.weight"].as<float>()[2], 1);
}

TEST(Equalise, LevelledChannelsLoseLessToTheirCodes) {
  ir::Graph graph = with_constants(
      "input : f32[6,6,1]\na = conv2d(input) out_channels=8 kernel=3 activation=relu : f32[4,4,8]\n"
      "b = conv2d(a) out_channels=4 : f32[4,4,4]\n");
  auto w = graph.constants["a.weight"].as<float>(), v = graph.constants["b.weight"].as<float>();
  for (size_t i = 0; i < w.size(); ++i) w[i] *= i < 9 ? 100.0f : 1.0f;
  for (size_t i = 0; i < v.size(); ++i) v[i] *= i % 8 == 0 ? 0.01f : 1.0f;
  RandomGraph random(1);
  const auto codes = random.codes(graph, 16);
  const auto noise = [&](std::vector<std::string> steps) {
    const ir::Graph integer = quantise(graph, {codes, 1.0f / 128}, {.steps = std::move(steps)});
    double sum = 0;
    for (size_t at = 0; at < codes.size(); at += 36) {
      const std::vector<int8_t> one(codes.begin() + static_cast<std::ptrdiff_t>(at),
                                    codes.begin() + static_cast<std::ptrdiff_t>(at + 36));
      std::vector<float> reals;
      for (const int8_t c : one) reals.push_back(static_cast<float>(c) / 128);
      const auto real = ir::evaluate(graph, ir::make_tensor(DType::f32, {6, 6, 1}, reals))[2];
      const auto whole = ir::evaluate(integer, ir::make_tensor(DType::s8, {6, 6, 1}, one))[2];
      for (size_t i = 0; i < real.as<float>().size(); ++i) {
        const double d = static_cast<double>(integer.nodes[1].type.scale) *
                             (whole.as<int8_t>()[i] - integer.nodes[1].type.zero_point) -
                         static_cast<double>(real.as<float>()[i]);
        sum += d * d;
      }
    }
    return sum;
  };
  EXPECT_LT(noise({"equalise"}), 0.5 * noise({}));
}

}  // namespace
}  // namespace dimple::compile
