#include "ir/evaluate.h"

#include <gtest/gtest.h>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/cost.h"
#include "ir/initialise.h"

namespace dimple::ir {
namespace {

TEST(Evaluate, GivesFiguresWorkedOutByHand) {
  Builder g("hand", {2, 2, 1});
  Value x = g.relu(g.conv(g.input(), 1, {.kernel = 2, .pad = 0}));
  Graph graph = g.finish(g.dense(x, 2));
  graph.constants["conv2d_1.weight"] = make_tensor<float>(DType::f32, {1, 2, 2, 1}, {1, 2, 3, 4});
  graph.constants["conv2d_1.bias"] = make_tensor<float>(DType::f32, {1}, {-10});
  graph.constants["dense_1.weight"] = make_tensor<float>(DType::f32, {2, 1}, {2, -1});
  graph.constants["dense_1.bias"] = make_tensor<float>(DType::f32, {2}, {0, 0.5f});
  const auto values = evaluate(graph, make_tensor<float>(DType::f32, {2, 2, 1}, {1, 1, 1, 2}));
  EXPECT_EQ(values[1].as<float>()[0], 4);  // 1 + 2 + 3 + 8 - 10
  EXPECT_EQ(values[3].as<float>()[0], 8);
  EXPECT_EQ(values[3].as<float>()[1], -3.5f);
}

TEST(Evaluate, RefusesAnInputOfAnotherSize) {
  Builder g("g", {2, 2, 1});
  const Graph graph = g.finish(g.relu(g.input()));
  EXPECT_THROW(evaluate(graph, make_tensor(DType::f32, {3, 2, 1})), host::Error);
  EXPECT_THROW(evaluate(graph, make_tensor(DType::s8, {2, 2, 1})), host::Error);
}

TEST(Initialise, TheSameSeedGivesTheSameBitsAndAnotherOthers) {
  Builder g("g", {8, 8, 1});
  const Graph bare = g.finish(g.conv(g.input(), 4));
  Graph a = bare, b = bare, c = bare;
  initialise(a, 1), initialise(b, 1), initialise(c, 2);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
}

TEST(Initialise, LeavesConstantsThatAreThere) {
  Builder g("g", {8, 8, 1});
  Graph graph = g.finish(g.conv(g.input(), 1, {.kernel = 1}));
  graph.constants["conv2d_1.weight"] = make_tensor<float>(DType::f32, {1, 1, 1, 1}, {7});
  initialise(graph, 1);
  EXPECT_EQ(graph.constants["conv2d_1.weight"].as<float>()[0], 7);
  EXPECT_EQ(graph.constants["conv2d_1.bias"].as<float>()[0], 0);
}

TEST(Cost, CountsWhatIsAliveAtOnce) {
  Builder g("g", {4, 4, 1});
  Value a = g.conv(g.input(), 2);  // 32 floats
  Value b = g.conv(a, 2);          // 32 floats, beside a
  const Cost cost = estimate_cost(g.finish(g.add(a, b)));
  EXPECT_EQ(cost.peak_activation_bytes, 3 * 32 * 4);
  EXPECT_EQ(cost.multiply_adds, 16 * 2 * 9 * 1 + 16 * 2 * 9 * 2);
  EXPECT_EQ(cost.parameters, (9 * 1 * 2 + 2) + (9 * 2 * 2 + 2));
}

TEST(Cost, LearnedParametersLeaveOutBatchStatistics) {
  Builder g("g", {4, 4, 3});
  const Cost cost = estimate_cost(g.finish(g.batch_norm(g.input())));
  EXPECT_EQ(cost.parameters, 6);
  EXPECT_EQ(cost.weight_bytes, 12 * 4);
}

}  // namespace
}  // namespace dimple::ir
