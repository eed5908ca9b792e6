#include "edit/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"
#include "ir/verify.h"

namespace dimple::edit {
namespace {

ir::Graph graph_to_cluster() {
  ir::Builder g("small", {8, 8, 8});
  ir::Graph graph = g.finish(
      g.dense(g.relu(g.conv(g.conv(g.input(), 16, {.name = "wide"}), 2, {.kernel = 1, .name = "tiny"})), 4, "last"));
  ir::initialise(graph, 1);
  return graph;
}

TEST(Centroids, FindValuesThatAreThere) {
  std::vector<float> values;
  for (const float v : {-2.0f, -0.5f, 0.25f, 3.0f}) values.insert(values.end(), 10, v);
  EXPECT_THAT(find_centroids(values, 4), testing::ElementsAre(-2, -0.5f, 0.25f, 3));
  EXPECT_THAT(find_centroids(values, 16), testing::ElementsAre(-2, -0.5f, 0.25f, 3));
  EXPECT_THAT(find_centroids({}, 16), testing::IsEmpty());
}

// A uniform spread of width 2 in 16 parts: the error of each is that of a step of 2 / 16.
TEST(Centroids, ComeNearTheBestError) {
  std::vector<float> values;
  for (int i = 0; i < 16000; ++i) values.push_back(static_cast<float>(i) / 8000 - 1);
  const std::vector<float> centroids = find_centroids(values, 16);
  double error = 0;
  for (const float v : values) {
    double best = 9;
    for (const float c : centroids) best = std::min(best, std::abs(static_cast<double>(v - c)));
    error += best * best / 16000;
  }
  EXPECT_NEAR(error, 4.0 / 256 / 12, 1e-5);
}

TEST(Cluster, LeavesEntriesTimesScalesAndLayersOfFewWeightsAlone) {
  ir::Graph graph = graph_to_cluster();
  const ir::Graph before = graph;
  const auto layers = cluster(graph, {.entries = 16});
  ir::verify(graph);
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers[0].node, "wide");
  EXPECT_LT(layers[0].error, 0.02);
  EXPECT_EQ(graph.constants.at("wide.weight").dtype, DType::c4);
  EXPECT_EQ(graph.constants.at("tiny.weight"), before.constants.at("tiny.weight"));
  const ir::Tensor real = ir::float_weight(graph, graph.nodes[0]);
  const auto scale = graph.constants.at("wide.weight_scale").as<float>();
  std::set<float> values;
  for (size_t i = 0; i < real.as<float>().size(); ++i)
    values.insert(std::round(real.as<float>()[i] / scale[i / 72] * 1e4f));
  EXPECT_LE(values.size(), 16u);
}

TEST(Cluster, MoreEntriesAndMoreGroupsErrLess) {
  double last = 1;
  for (const ClusterOptions& options : {ClusterOptions{16, 1}, {16, 4}, {32, 4}}) {
    ir::Graph graph = graph_to_cluster();
    const double error = cluster(graph, options)[0].error;
    EXPECT_LT(error, last);
    last = error;
    ir::verify(graph);
    EXPECT_EQ(graph.constants.at("wide.codebook").dims[0], options.groups);
  }
}

TEST(Cluster, KeepsZerosZero) {
  ir::Graph graph = graph_to_cluster();
  auto w = graph.constants.at("wide.weight").as<float>();
  for (size_t i = 0; i < w.size(); i += 2) w[i] = 0;
  cluster(graph);
  const ir::Tensor real = ir::float_weight(graph, graph.nodes[0]);
  for (size_t i = 0; i < real.as<float>().size(); ++i) EXPECT_EQ(real.as<float>()[i] == 0, i % 2 == 0) << i;
}

void expect_options_refused(const ir::Graph& given, const ClusterOptions& options, const std::string& why) {
  ir::Graph graph = given;
  try {
    cluster(graph, options);
    ADD_FAILURE() << why;
  } catch (const host::Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr(why));
  }
  EXPECT_EQ(graph, given);
}

TEST(Cluster, SaysWhatItCannotDo) {
  const ir::Graph graph = graph_to_cluster();
  expect_options_refused(graph, {.entries = 20}, "weights cannot share 20 values");
  expect_options_refused(graph, {.entries = 256}, "no layer of small has enough weights for 256 clusters");
  expect_options_refused(graph, {.leave = {"wid"}}, "there is no layer 'wid'");
  ir::Graph bad = graph;
  bad.constants.at("last.weight").as<float>()[3] = NAN;
  EXPECT_THROW(cluster(bad), host::Error);
  ir::Builder g("norm", {8, 8, 8});
  ir::Graph with_norm = g.finish(g.dense(g.batch_norm(g.conv(g.input(), 16, {.name = "conv"})), 2));
  ir::initialise(with_norm, 1);
  expect_options_refused(with_norm, {}, "layer conv has a batch norm behind it");
}

}  // namespace
}  // namespace dimple::edit
