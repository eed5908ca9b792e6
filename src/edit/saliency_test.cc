#include "edit/saliency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "host/error.h"
#include "ir/evaluate.h"
#include "ir/text.h"

namespace dimple::edit {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

ir::Tensor floats(std::vector<int64_t> dims, const std::vector<float>& values) {
  return ir::make_tensor(DType::f32, std::move(dims), values);
}

// The scores of what can leave.
std::vector<double> scores_of(const ir::Graph& graph, SaliencyRule rule, const Gradients& gradients = {}) {
  const std::vector<ChannelGroup> groups = channel_groups(graph);
  std::vector<double> scores = score_groups(graph, groups, rule, gradients);
  for (size_t i = 0; i < groups.size(); ++i) EXPECT_EQ(groups[i].removable, std::isfinite(scores[i])) << i;
  std::erase(scores, std::numeric_limits<double>::infinity());
  return scores;
}

ir::Graph two_layers() {
  ir::Graph graph = ir::parse(
      "graph g\n"
      "input : f32[1,1,1]\n"
      "a = conv2d(input) out_channels=2 : f32[1,1,2]\n"
      "b = conv2d(a) out_channels=2 : f32[1,1,2]\n"
      "c = dense(b) units=1 : f32[1,1,1]\n");
  graph.constants = {{"a.weight", floats({2, 1, 1, 1}, {-1, 3})},
                     {"a.bias", floats({2}, {0.5f, 0})},
                     {"b.weight", floats({2, 1, 1, 2}, {0, 40, -30, 30})},
                     {"b.bias", floats({2}, {1, 2})},
                     {"c.weight", floats({1, 2}, {2, -1})},
                     {"c.bias", floats({1}, {3})}};
  return graph;
}

TEST(Saliency, NamesAreReadBack) {
  for (const char* name : {"magnitude", "magnitude_l2", "batch_norm", "taylor", "taylor_squared"})
    EXPECT_EQ(name_of(parse_saliency_rule(name)), name);
  try {
    parse_saliency_rule("magnitud");
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::usage);
    EXPECT_EQ(error.hint(), "did you mean magnitude?");
  }
}

TEST(Saliency, AFilterIsHeldAgainstItsOwnLayer) {
  EXPECT_THAT(scores_of(two_layers(), SaliencyRule::magnitude), ElementsAre(0.5, 1.5, 0.8, 1.2));
  const double l2 = std::sqrt(1800.0), mean = (40 + l2) / 2;
  EXPECT_THAT(scores_of(two_layers(), SaliencyRule::magnitude_l2),
              ElementsAre(0.5, 1.5, DoubleNear(40 / mean, 1e-9), DoubleNear(l2 / mean, 1e-9)));
}

TEST(Saliency, AGroupOfSeveralFiltersHasTheirMean) {
  ir::Graph graph = ir::parse(
      "graph g\n"
      "input : f32[1,1,1]\n"
      "a = conv2d(input) out_channels=2 : f32[1,1,2]\n"
      "b = conv2d(input) out_channels=2 : f32[1,1,2]\n"
      "s = add(a, b) : f32[1,1,2]\n"
      "c = dense(s) units=1 : f32[1,1,1]\n");
  graph.constants = {{"a.weight", floats({2, 1, 1, 1}, {1, 3})}, {"b.weight", floats({2, 1, 1, 1}, {7, 1})}};
  EXPECT_THAT(scores_of(graph, SaliencyRule::magnitude), ElementsAre((0.5 + 1.75) / 2, (1.5 + 0.25) / 2));
}

TEST(Saliency, AFilterOfADeadLayerIsWorthNothing) {
  ir::Graph graph = two_layers();
  graph.constants["a.weight"] = floats({2, 1, 1, 1}, {0, 0});
  EXPECT_THAT(scores_of(graph, SaliencyRule::magnitude), ElementsAre(0, 0, 0.8, 1.2));
}

ir::Graph with_norm() {
  ir::Graph graph = ir::parse(
      "graph g\n"
      "input : f32[1,1,1]\n"
      "a = conv2d(input) out_channels=2 : f32[1,1,2]\n"
      "n = batch_norm(a) : f32[1,1,2]\n"
      "b = conv2d(n) out_channels=2 : f32[1,1,2]\n"
      "c = dense(b) units=1 : f32[1,1,1]\n");
  graph.constants = two_layers().constants;
  graph.constants["n.weight"] = floats({3, 2}, {-3, 1, 100, 200, 300, 400});
  graph.constants["n.bias"] = floats({2}, {5, 6});
  return graph;
}

TEST(Saliency, GammaSpeaksWhereThereIsANormAndTheFilterElsewhere) {
  EXPECT_THAT(scores_of(with_norm(), SaliencyRule::batch_norm), ElementsAre(1.5, 0.5, 0.8, 1.2));
  try {
    scores_of(two_layers(), SaliencyRule::batch_norm);
    FAIL();
  } catch (const host::Error& error) {
    EXPECT_STREQ(error.what(), "graph g has no batch norm to choose channels by");
    EXPECT_EQ(error.hint(), "use the rule magnitude");
  }
}

// Of a linear network the first order is the whole change. L is the output, and x is 2.
TEST(Saliency, TheFirstOrderIsWhatALinearNetworkLoses) {
  const ir::Graph graph = two_layers();
  const ir::Tensor x = floats({1, 1, 1}, {2});
  const auto answer = [&](const ir::Graph& g) { return double{ir::evaluate(g, x).back().as<float>()[0]}; };
  // dL/db = c.weight, dL/da = b.weight^T c.weight
  const Gradients gradients{{"a.weight", floats({2, 1, 1, 1}, {2 * 30, 2 * 50})},
                            {"a.bias", floats({2}, {30, 50})},
                            {"b.weight", floats({2, 1, 1, 2}, {2 * -1.5f, 2 * 6, -1 * -1.5f, -1 * 6})},
                            {"b.bias", floats({2}, {2, -1})}};
  std::vector<double> lost, squared;
  for (const ChannelGroup& group : channel_groups(graph)) {
    if (!group.removable) continue;
    ir::Graph without = graph;
    remove_channels(without, {&group, 1});
    lost.push_back(std::fabs(answer(graph) - answer(without)));
    squared.push_back(lost.back() * lost.back());
  }
  EXPECT_THAT(scores_of(graph, SaliencyRule::taylor, gradients), Pointwise(DoubleNear(1e-3), lost));
  EXPECT_THAT(scores_of(graph, SaliencyRule::taylor_squared, gradients), Pointwise(DoubleNear(1e-1), squared));
}

// Gamma and beta of channel 0 are -3 and 5, of channel 1 they are 1 and 6.
TEST(Saliency, ANormSpeaksForTheFilterInFrontOfIt) {
  const Gradients gradients{{"n.weight", floats({3, 2}, {1, 2, 99, 99, 99, 99})},
                            {"n.bias", floats({2}, {0, 1})},
                            {"b.weight", floats({2, 1, 1, 2}, {0, 0, 0, 0})},
                            {"b.bias", floats({2}, {1, 1})}};
  EXPECT_THAT(scores_of(with_norm(), SaliencyRule::taylor, gradients), ElementsAre(3, 8, 1, 2));
}

std::string complaint_of(const ir::Graph& graph, SaliencyRule rule, const Gradients& gradients = {}) {
  try {
    scores_of(graph, rule, gradients);
  } catch (const host::Error& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Saliency, RefusesWhatItCannotRead) {
  ir::Graph graph = two_layers();
  EXPECT_EQ(complaint_of(graph, SaliencyRule::taylor), "there is no gradient of a.weight, or one of another shape");
  graph.constants["b.weight"].as<float>()[1] = std::nanf("");
  EXPECT_EQ(complaint_of(graph, SaliencyRule::magnitude), "b.weight holds what is no number");
  graph.constants.erase("b.weight");
  EXPECT_EQ(complaint_of(graph, SaliencyRule::magnitude), "channels are chosen by weights, and b.weight is missing");
  graph.constants["a.weight"] = floats({1, 1, 1, 1}, {1});
  EXPECT_THAT(complaint_of(graph, SaliencyRule::magnitude), testing::HasSubstr("a.weight has 1 elements"));
  ir::Graph integer = ir::parse(
      "graph g\n"
      "input : s8[1,1,1] * 1 @ 0\n"
      "a = dense(input) units=2 : s8[1,1,2] * 1 @ 0\n"
      "b = dense(a) units=1 : s8[1,1,1] * 1 @ 0\n");
  integer.constants = {{"a.weight", ir::make_tensor(DType::s8, {2, 1})}, {"a.weight_scale", floats({2}, {1, 1})}};
  EXPECT_EQ(complaint_of(integer, SaliencyRule::magnitude), "channels are chosen by float weights, and a.weight is s8");
}

}  // namespace
}  // namespace dimple::edit
