#include "edit/shrink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "host/error.h"
#include "ir/cost.h"
#include "ir/initialise.h"
#include "ir/text.h"
#include "zoo/architectures.h"

namespace dimple::edit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ir::Graph after(ir::Graph graph, const ShrinkPlan& plan) {
  remove_channels(graph, plan.gone);
  return graph;
}

// a costs 16 for each channel and b 8 * 4 for each channel of a; channel k of a has a filter of k + 1.
ir::Graph small() {
  ir::Graph graph = ir::parse(
      "graph g\n"
      "input : f32[4,4,1]\n"
      "a = conv2d(input) out_channels=8 : f32[4,4,8]\n"
      "r = relu(a) : f32[4,4,8]\n"
      "p = max_pool(r) kernel=2 stride=2 : f32[2,2,8]\n"
      "b = conv2d(p) out_channels=8 : f32[2,2,8]\n"
      "c = dense(b) units=2 : f32[1,1,2]\n");
  ir::initialise(graph, 1);
  for (const char* name : {"a.weight", "b.weight"}) {
    const auto w = graph.constants[name].as<float>();
    for (size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(i * 8 / w.size() + 1);
  }
  return graph;
}

TEST(Shrink, WhatSavesMostForItsSaliencyLeavesFirst) {
  // 8 * 16 + 8 * 8 * 4 + 8 * 4 * 2 = 448. A channel of a saves 16 + 8 * 4 = 48, one of b 4 * 8 + 8 = 40.
  const ShrinkPlan plan = plan_shrink(small(), {.keep = 0.75, .multiple = 1, .min_channels = 1});
  EXPECT_EQ(plan.before, 448);
  EXPECT_THAT(plan.layers, ElementsAre(LayerWidth{"a", 8, 6}, LayerWidth{"b", 8, 7}));
  EXPECT_EQ(plan.after, 6 * 16 + 6 * 7 * 4 + 7 * 8);
  const ir::Graph shrunk = after(small(), plan);
  EXPECT_EQ(ir::print(shrunk),
            "graph g\n"
            "input : f32[4,4,1]\n"
            "a = conv2d(input) out_channels=6 : f32[4,4,6]\n"
            "r = relu(a) : f32[4,4,6]\n"
            "p = max_pool(r) kernel=2 stride=2 : f32[2,2,6]\n"
            "b = conv2d(p) out_channels=7 : f32[2,2,7]\n"
            "c = dense(b) units=2 : f32[1,1,2]\n");
  EXPECT_EQ(shrunk.constants.at("a.weight").as<float>()[0], 3) << "the smallest filters have left";
}

TEST(Shrink, WidthsAreMultiplesWhereTheBudgetAllows) {
  const auto layers = [](double keep, double slack) {
    return plan_shrink(small(), {.keep = keep, .multiple = 4, .slack = slack, .min_channels = 1}).layers;
  };
  EXPECT_THAT(layers(0.5, 1), ElementsAre(LayerWidth{"a", 8, 4}, LayerWidth{"b", 8, 4})) << "36 % of the cost";
  EXPECT_THAT(layers(0.5, 0.05), ElementsAre(LayerWidth{"a", 8, 4}, LayerWidth{"b", 8, 6})) << "46 %, then 50 %";
  EXPECT_THAT(layers(0.15, 1), ElementsAre(LayerWidth{"a", 8, 2}, LayerWidth{"b", 8, 2})) << "a fifth must stay";
}

TEST(Shrink, APlainRankingDoesNotLookAtTheCost) {
  ir::Graph graph = small();
  for (float& w : graph.constants["b.weight"].as<float>()) w = 1;  // every filter the mean of its layer
  ShrinkOptions options{.keep = 0.86, .multiple = 1, .min_channels = 1};
  const auto layers = [&](Ranking ranking, CostOfGraph cost = {}) {
    options.ranking = ranking;
    options.cost = std::move(cost);
    return plan_shrink(graph, options).layers;
  };
  const auto mostly_b = [](const ir::Graph& g) {
    return static_cast<double>(g.nodes[0].type.shape.channels + 9 * g.nodes[3].type.shape.channels);
  };
  EXPECT_THAT(layers(Ranking::plain), ElementsAre(LayerWidth{"a", 8, 6}));
  EXPECT_THAT(layers(Ranking::plain, mostly_b), ElementsAre(LayerWidth{"a", 8, 5}, LayerWidth{"b", 8, 7}));
  EXPECT_THAT(layers(Ranking::per_cost, mostly_b), ElementsAre(LayerWidth{"b", 8, 6}));
}

// Against the plain search, which works both prices out at every step: widths of a and b.
std::pair<int, int> searched(double most) {
  int width[2] = {8, 8};
  const auto cost = [&] { return 16 * width[0] + 4 * width[0] * width[1] + 8 * width[1]; };
  const auto price = [&](int layer) {
    if (width[layer] == 2) return 1e9;
    double left = 0, next = 9 - width[layer], before = cost();
    for (double filter = next; filter <= 8; ++filter) left += filter;
    --width[layer];
    const double saved = before - cost();
    ++width[layer];
    return next / left / saved;
  };
  std::vector<int> steps;
  while (cost() > most) {
    steps.push_back(price(0) < price(1) ? 0 : 1);
    --width[steps.back()];
  }
  bool settled[2] = {false, false};
  for (; !steps.empty(); steps.pop_back()) {
    const int layer = steps.back();
    if (settled[layer]) continue;
    ++width[layer];
    settled[layer] = cost() > most;
    if (settled[layer]) --width[layer];
  }
  return {width[0], width[1]};
}

TEST(Shrink, EveryStepIsTheCheapestAtItsTime) {
  for (int percent = 15; percent < 100; ++percent) {
    const double keep = percent / 100.0;
    const ShrinkPlan plan = plan_shrink(
        small(), {.keep = keep, .ranking = Ranking::balanced, .multiple = 1, .slack = 1, .min_channels = 1});
    const ir::Graph shrunk = after(small(), plan);
    EXPECT_EQ(std::pair(shrunk.nodes[0].type.shape.channels, shrunk.nodes[3].type.shape.channels), searched(keep * 448))
        << keep;
  }
}

// All filters are alike, and a channel of b costs what one of d does.
TEST(Shrink, ABalancedRankingSpreadsWhatLeaves) {
  ir::Graph graph = ir::parse(
      "graph g\n"
      "input : f32[4,4,1]\n"
      "b = conv2d(input) out_channels=8 : f32[4,4,8]\n"
      "c = conv2d(b) out_channels=1 : f32[4,4,1]\n"
      "d = conv2d(c) out_channels=8 : f32[4,4,8]\n"
      "e = conv2d(d) out_channels=1 : f32[4,4,1]\n");
  ir::initialise(graph, 1);
  for (auto& [name, tensor] : graph.constants)
    for (float& w : tensor.as<float>()) w = 1;
  const auto layers = [&](Ranking ranking) {
    return plan_shrink(graph, {.keep = 0.5, .ranking = ranking, .multiple = 1, .min_channels = 1}).layers;
  };
  EXPECT_THAT(layers(Ranking::balanced), ElementsAre(LayerWidth{"b", 8, 4}, LayerWidth{"d", 8, 4}));
  EXPECT_THAT(layers(Ranking::per_cost), ElementsAre(LayerWidth{"b", 8, 2}, LayerWidth{"d", 8, 6}));
}

ir::Graph network(const std::string& name) {
  const int channels = zoo::make(name).input.shape.channels;
  ir::Graph graph = zoo::make(name, {.input = {96, 96, channels}, .width = 0.5f});
  ir::initialise(graph, 1);
  return graph;
}

double macs_of(const ir::Graph& graph) { return static_cast<double>(ir::estimate_cost(graph).multiply_adds); }

class ShrinkNetwork : public ::testing::TestWithParam<const char*> {};

TEST_P(ShrinkNetwork, MeetsTheBudgetAndLittleMore) {
  const ir::Graph graph = network(GetParam());
  for (const double keep : {0.75, 0.5, 0.3})
    for (const Ranking ranking : {Ranking::balanced, Ranking::per_cost, Ranking::plain}) {
      const ShrinkPlan plan = plan_shrink(graph, {.keep = keep, .ranking = ranking});
      EXPECT_EQ(plan.before, macs_of(graph));
      EXPECT_EQ(plan.after, macs_of(after(graph, plan))) << "what was planned is what comes out";
      EXPECT_LE(plan.after, keep * plan.before);
      EXPECT_GE(plan.after, 0.93 * keep * plan.before) << name_of(ranking) << " " << keep;
    }
}

TEST_P(ShrinkNetwork, CountsTheBytesThatStay) {
  const ir::Graph graph = network(GetParam());
  const ShrinkPlan plan = plan_shrink(graph, {.keep = 0.5, .budget = Budget::bytes});
  EXPECT_EQ(plan.gone, plan_shrink(graph, {.keep = 0.5, .budget = Budget::bytes}).gone) << "the same plan again";
  const ir::Graph shrunk = after(graph, plan);
  EXPECT_EQ(plan.after, int8_bytes_at(shrunk)(widths_of(shrunk)));
  EXPECT_LE(plan.after, 0.5 * plan.before);
  EXPECT_GE(plan.after, 0.46 * plan.before);
}

TEST_P(ShrinkNetwork, ACostOfTheCallersIsMetAsOursAre) {
  const ir::Graph graph = network(GetParam());
  const ShrinkPlan ours = plan_shrink(graph, {.keep = 0.6}),
                   theirs = plan_shrink(graph, {.keep = 0.6, .cost = macs_of});
  EXPECT_EQ(ours.gone, theirs.gone);
  EXPECT_EQ(ours.layers, theirs.layers);
}

TEST_P(ShrinkNetwork, NoLayerLosesMoreThanItMay) {
  const ir::Graph graph = network(GetParam());
  const ShrinkPlan plan = plan_shrink(graph, {.keep = 0.6, .min_channels = 6, .max_share = 0.5});
  for (const LayerWidth& layer : plan.layers) {
    EXPECT_GE(layer.after, 6) << layer.node;
    EXPECT_GE(2 * layer.after, layer.before) << layer.node;
  }
}

INSTANTIATE_TEST_SUITE_P(Zoo, ShrinkNetwork,
                         ::testing::Values("dimple_nano", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0",
                                           "nasnet_mobile", "attention_bnn"),
                         [](const auto& arch) { return std::string(arch.param); });

// Time that kernels of 8 channels take: most single channels save none.
TEST(Shrink, ACostInStepsIsMetToo) {
  const auto time = [](const ir::Graph& graph) {
    double sum = 0;
    for (const ir::Node& node : graph.nodes) sum += (node.type.shape.channels + 7) / 8;
    return sum;
  };
  const ir::Graph graph = network("dimple_nano");
  const ShrinkPlan plan = plan_shrink(graph, {.keep = 0.6, .cost = time, .multiple = 3});
  EXPECT_LE(time(after(graph, plan)), 0.6 * time(graph));
}

std::string complaint_about(const ShrinkOptions& options) {
  try {
    plan_shrink(small(), options);
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::usage);
    return std::string(error.what()) + " / " + error.hint();
  }
  return "nothing";
}

TEST(Shrink, SaysWhatCanBeReached) {
  // 2 * 16 + 2 * 2 * 4 + 2 * 8 of 448
  EXPECT_THAT(complaint_about({.keep = 0.1, .min_channels = 1}),
              HasSubstr("no plan keeps 10.0 % of the cost: at least 14.3 % stay / keep more"));
  EXPECT_NO_THROW(plan_shrink(small(), {.keep = 0.143, .min_channels = 1}));
}

TEST(Shrink, RefusesOptionsThatMeanNothing) {
  EXPECT_THAT(complaint_about({.keep = 0}), HasSubstr("the share of the cost that stays, 0, is not above 0"));
  EXPECT_THAT(complaint_about({.keep = std::nan("")}), HasSubstr("the share of the cost that stays"));
  EXPECT_THAT(complaint_about({.max_share = 1}), HasSubstr("the share of a layer that may leave, 1, is not"));
  EXPECT_THAT(complaint_about({.multiple = 0}), HasSubstr("widths cannot be multiples of 0"));
  EXPECT_THAT(complaint_about({.min_channels = 0}), HasSubstr("a layer cannot be left with 0 channels"));
  EXPECT_THAT(complaint_about({.cost = [](const ir::Graph&) { return 0.0; }}), HasSubstr("the graph costs nothing"));
  EXPECT_THAT(complaint_about({.cost = [](const ir::Graph&) { return std::nan(""); }}), HasSubstr("came out as nan"));
  EXPECT_THROW(parse_budget("mac"), host::Error);
  EXPECT_THROW(parse_ranking("plan"), host::Error);
  EXPECT_EQ(parse_budget("bytes"), Budget::bytes);
  EXPECT_EQ(parse_ranking("plain"), Ranking::plain);
}

}  // namespace
}  // namespace dimple::edit
