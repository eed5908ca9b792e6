// Designs whose quality is made up, so that what can be found is known.
#include "search/design.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/cost.h"
#include "ir/verify.h"
#include "search/front.h"
#include "search/space.h"

namespace dimple::search {
namespace {

ir::Graph prototype_net() {
  ir::Builder g("net", {32, 32, 1});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 16, {.stride = 2, .name = "stem"})));
  for (const char* stage : {"a", "b"}) {
    for (const char* block : {"1", "2"}) {
      const std::string name = std::string(stage) + block;
      ir::Value y = g.relu(g.batch_norm(g.conv(x, 24, {.name = name + "_in"})));
      y = g.batch_norm(g.conv(y, g.shape_of(x).channels, {.name = name + "_out"}));
      x = g.relu(g.append(ops::Add{}, {x, y}, name + "_sum"));
    }
    if (stage[0] == 'a') x = g.relu(g.batch_norm(g.conv(x, 32, {.stride = 2, .name = "down"})));
  }
  return g.finish(g.dense(g.global_average_pool(x), 7, "last"));
}

double figure(const ir::Graph& graph, const std::string& name) {
  const ir::Cost cost = ir::estimate_cost(graph);
  return static_cast<double>(name == "parameters" ? cost.parameters : cost.multiply_adds);
}

// A score that wants some layers wide and others narrow: heterogeneous designs win.
double made_up_score(const ir::Graph& graph) {
  double score = 0.3;
  for (const ir::Node& node : graph.nodes) {
    const double width = node.type.shape.channels;
    if (node.name == "a1_in") score += 0.1 * width / 24;
    if (node.name == "b2_in") score += 0.3 * std::sqrt(width / 24);
    if (node.name.ends_with("_bridge")) score += 0.05;
    if (node.name == "b1_in") score += 0.01 * width / 24;
  }
  return score;
}

class MadeUpDesigns final : public Assessor {
 public:
  explicit MadeUpDesigns(int most) : most_(most), prototype_(prototype_net()) {}
  std::vector<Record> assess(const std::vector<Proposal>& proposals) override {
    std::vector<Record> records;
    for (const Proposal& p : proposals) {
      if (static_cast<int>(tried.size()) >= most_) break;
      const ir::Graph graph = follow_structure(prototype_, p.path);
      Record r{static_cast<int64_t>(tried.size()), key_of(graph), p.heir, print(p.path), true, {}};
      r.result.score = r.result.accuracy = made_up_score(graph);
      if (tried.size() % 7 == 3) r.result.failure = "it fell over";
      records.push_back(r), tried.push_back(r);
      points.push_back({r.result.score, figure(graph, "macs")});
    }
    return records;
  }
  std::vector<Record> tried;
  std::vector<Point> points;

 private:
  int most_;
  ir::Graph prototype_;
};

DesignOptions options_of(const std::string& strategy, uint64_t seed = 1) {
  DesignOptions o;
  o.strategy = strategy, o.seed = seed, o.drawn = 12;
  o.where = parse_requirements("acc >= 0.6 and macs < 2M");
  return o;
}

TEST(Space, HasAGeneForEveryPartThatMayChange) {
  const Space space(prototype_net(), {});
  std::set<std::string> genes;
  for (const Gene& gene : space.genes()) {
    EXPECT_TRUE(genes.insert(gene.kind + " " + gene.node).second) << gene.kind << " " << gene.node;
    EXPECT_GE(gene.choices.size(), 2u);
    EXPECT_EQ(gene.choices[0], 0);
  }
  for (const char* one :
       {"narrow stem", "narrow a1_in", "branch a2_sum", "detour b1_sum", "separate a1_in", "input input"})
    EXPECT_TRUE(genes.contains(one)) << one;
  EXPECT_TRUE(space.express(space.prototype()).path.empty());
}

TEST(Space, EveryDesignIsANetworkThatRuns) {
  const Space space(prototype_net(), {});
  host::Random random(3);
  for (int i = 0; i < 60; ++i) {
    Design design = space.random(random);
    for (const std::string& kind : space.kinds()) design = space.mutate(design, kind, random);
    const Expressed e = space.express(design);
    ir::verify(e.structure, ir::Constants::may_be_absent);
    EXPECT_EQ(key_of(follow_structure(prototype_net(), e.path)), key_of(e.structure));
  }
}

TEST(Space, APrototypeOfOneLayerHasNoDegreesOfFreedom) {
  ir::Builder g("bare", {8, 8, 1});
  const ir::Graph bare = g.finish(g.dense(g.flatten(g.input()), 2));
  EXPECT_THROW(Space(bare, {}), host::Error);
}

TEST(Front, HoldsWhatNothingDominates) {
  const std::vector<Point> points{{0.5, 10}, {0.6, 20}, {0.55, 20}, {0.4, 15}, {0.7, 40}, {0.5, 10}};
  EXPECT_THAT(front_of(points), testing::ElementsAre(0, 1, 4));
}

TEST(Front, CoversStripsOfScoreTimesFactorsOfCost) {
  const Point reference{0.2, 100};
  EXPECT_EQ(hypervolume({}, reference), 0);
  EXPECT_NEAR(hypervolume(std::vector<Point>{{0.5, 100 / std::exp(2)}}, reference), 0.3 * 2, 1e-9);
  EXPECT_NEAR(hypervolume(std::vector<Point>{{0.5, 100 / std::exp(2)}, {0.6, 100 / std::exp(1)}, {0.4, 90}}, reference),
              0.3 * 2 + 0.1 * 1, 1e-9);
  EXPECT_EQ(hypervolume(std::vector<Point>{{0.1, 50}, {0.9, 100}}, reference), 0);
}

TEST(Explore, TriesNothingTwiceAndNothingThatCostsTooMuch) {
  for (const std::string& strategy : explorer_names()) {
    SCOPED_TRACE(strategy);
    MadeUpDesigns world(40);
    design(prototype_net(), options_of(strategy), figure, world);
    EXPECT_EQ(world.tried.size(), 40u);
    std::set<std::string> keys;
    for (size_t i = 0; i < world.tried.size(); ++i) {
      EXPECT_TRUE(keys.insert(world.tried[i].key).second) << world.tried[i].path;
      if (i == 0) continue;
      EXPECT_LT(world.points[i].cost, 2e6);
    }
  }
}

// Over several seeds, as one seed may be lucky.
TEST(Explore, EvolutionAndClimbingBeatChanceAndSize) {
  std::map<std::string, double> covered;
  const double cost = figure(prototype_net(), "macs");
  for (const std::string& strategy : explorer_names())
    for (const uint64_t seed : {1, 2, 3}) {
      MadeUpDesigns world(60);
      design(prototype_net(), options_of(strategy, seed), figure, world);
      covered[strategy] += hypervolume(world.points, {1.0 / 7, cost}) / 3;
    }
  for (const char* ours : {"evolution", "climb"})
    for (const char* base : {"random", "parameters", "macs"})
      EXPECT_GT(covered[ours], covered[base]) << ours << " " << base;
}

TEST(Explore, TheSameSeedMakesTheSameSearch) {
  MadeUpDesigns one(30), two(30);
  design(prototype_net(), options_of("evolution"), figure, one);
  design(prototype_net(), options_of("evolution"), figure, two);
  for (size_t i = 0; i < one.tried.size(); ++i) EXPECT_EQ(one.tried[i].key, two.tried[i].key);
}

TEST(Explore, OfWhatNothingCanMeetTheNearestIsTried) {
  MadeUpDesigns world(10);
  DesignOptions options = options_of("climb");
  options.where = parse_requirements("macs < 1");
  design(prototype_net(), options, figure, world);
  EXPECT_EQ(world.tried.size(), 10u);
  EXPECT_LT(world.points.back().cost, figure(prototype_net(), "macs"));
}

}  // namespace
}  // namespace dimple::search
