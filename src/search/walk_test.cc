// Walks over networks whose quality is made up, so that what would be found is known.
#include "search/walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/cost.h"
#include "ir/initialise.h"

namespace dimple::search {
namespace {

using testing::HasSubstr;

ir::Graph first_net() {
  ir::Builder g("net", {32, 32, 1});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 16, {.kernel = 5, .stride = 2, .name = "one"})));
  x = g.relu(g.batch_norm(g.conv(g.max_pool(x), 32, {.name = "two"})));
  x = g.relu(g.batch_norm(g.conv(x, 32, {.name = "three"})));
  ir::Graph graph = g.finish(g.dense(g.global_average_pool(x), 2, "last"));
  ir::initialise(graph, 1);
  return graph;
}

double macs_of(const ir::Graph& graph) { return static_cast<double>(ir::estimate_cost(graph).multiply_adds); }

// Scores follow from the steps alone.
class MadeUp final : public Assessor {
 public:
  MadeUp(const ir::Graph& first, std::function<double(const Path&)> score) : first_(first), score_(std::move(score)) {}

  std::vector<Record> assess(const std::vector<Proposal>& proposals) override {
    std::vector<Record> records;
    for (const Proposal& p : proposals) {
      if (static_cast<int>(tried.size()) >= most) break;
      const ir::Graph structure = follow_structure(first_, p.path);
      Record r{static_cast<int64_t>(tried.size()) + 1, key_of(structure), p.heir, print(p.path), true, {}};
      r.result.score = score_(p.path);
      if (failing && failing(p.path)) r.result.failure = "it fell over";
      tried.push_back({r, macs_of(structure)});
      records.push_back(r);
    }
    return records;
  }

  struct Tried {
    Record record;
    double macs;
  };
  // The cheapest at or above a score.
  const Tried& best(double floor) const {
    const Tried* best = &tried.front();
    for (const Tried& t : tried)
      if (t.record.result.failure.empty() && t.record.result.score >= floor && t.macs < best->macs) best = &t;
    return *best;
  }

  std::vector<Tried> tried;
  int most = 1000;
  std::function<bool(const Path&)> failing;

 private:
  ir::Graph first_;
  std::function<double(const Path&)> score_;
};

// Every narrowing costs little, everything else much.
double narrow_is_cheap(const Path& path) {
  double score = 0.9;
  for (const edit::Reduction& r : path) score -= r.kind == "narrow" ? 0.01 : 0.06;
  return score;
}

WalkOptions options_of(Order order, double optimism = 0.5) {
  WalkOptions o;
  o.frontier = {order, 0.8, optimism};
  o.reductions = {
      .kinds = {"input", "stride", "kernel", "separate", "narrow", "block"}, .shares = {0.5}, .multiple = 4};
  o.chance = 0.5, o.at_once = 2;
  return o;
}

TEST(Walk, FindsTheCheapestNetworkAboveTheFloor) {
  const ir::Graph first = first_net();
  MadeUp all(first, narrow_is_cheap), some(first, narrow_is_cheap);
  // Floor: (score - 0.5) / 0.4 >= 0.8, which is 0.82: eight narrowings, or one other step and two of them.
  walk(first, options_of(Order::astar, 1), macs_of, all);
  some.most = 40;
  walk(first, options_of(Order::astar, 0.5), macs_of, some);
  EXPECT_LT(all.best(0.82).macs, macs_of(first) / 10);
  EXPECT_LE(some.best(0.82).macs, 1.5 * all.best(0.82).macs) << all.tried.size();
  EXPECT_GT(all.tried.size(), 60u);
}

TEST(Walk, NoNetworkIsTriedTwiceAndNoneBelowTheFloorIsReduced) {
  const ir::Graph first = first_net();
  MadeUp world(first, narrow_is_cheap);
  walk(first, options_of(Order::astar, 1), macs_of, world);
  std::map<std::string, double> score;
  for (const auto& t : world.tried) {
    EXPECT_TRUE(score.emplace(t.record.key, t.record.result.score).second) << t.record.path;
    if (t.record.heir.empty()) continue;
    EXPECT_GE(score.at(t.record.heir), 0.82) << t.record.path;
  }
}

TEST(Walk, RecursivelyGoesDownBeforeItGoesAside) {
  const ir::Graph first = first_net();
  MadeUp world(first, narrow_is_cheap);
  WalkOptions options = options_of(Order::depth_first);
  options.at_once = 1;
  world.most = 4;
  walk(first, options, macs_of, world);
  ASSERT_EQ(world.tried.size(), 4u);
  // The cheapest child first; where it fell below the floor, the next one.
  EXPECT_THAT(world.tried[1].record.heir, world.tried[0].record.key);
  double cheapest = 1e30;
  for (const edit::Reduction& r : edit::reductions_of(first, options.reductions))
    cheapest = std::min(cheapest, macs_of(edit::reduce(first, r)));
  EXPECT_EQ(world.tried[1].macs, cheapest);
  EXPECT_GE(world.tried[1].record.result.score, 0.82);
  EXPECT_EQ(world.tried[2].record.heir, world.tried[1].record.key);
}

// Also where two children are tried at a time: the cheaper one's children come before the dearer one's.
TEST(Walk, RecursivelyGoesOnFromTheCheaperOfTwo) {
  const ir::Graph first = first_net();
  MadeUp world(first, [](const Path&) { return 0.9; });
  WalkOptions options = options_of(Order::depth_first);
  world.most = 9;
  walk(first, options, macs_of, world);
  ASSERT_EQ(world.tried.size(), 9u);
  for (size_t pair = 1; pair + 3 < world.tried.size(); pair += 2) {
    EXPECT_LE(world.tried[pair].macs, world.tried[pair + 1].macs);
    EXPECT_EQ(world.tried[pair + 2].record.heir, world.tried[pair].record.key) << pair;
  }
}

// Narrowing has the usual price and a longer stride more, so the bound holds: what lies behind strides need not be tried.
TEST(Walk, EndsWhenNothingThatWaitsCouldBeCheaper) {
  const ir::Graph first = first_net();
  const auto fair = [&](const Path& path) {
    const auto strides = std::ranges::count(path, "stride", &edit::Reduction::kind);
    return 0.9 - 0.02 * std::log(macs_of(first) / macs_of(follow_structure(first, path))) - 0.05 * strides;
  };
  const auto walk_with = [&](double optimism) {
    MadeUp world(first, fair);
    WalkOptions options = options_of(Order::astar, optimism);
    options.reductions.kinds = {"narrow", "stride"};
    walk(first, options, macs_of, world);
    EXPECT_LT(world.tried.size(), static_cast<size_t>(world.most)) << optimism;
    return world;
  };
  const MadeUp proven = walk_with(1), all = walk_with(0.99);
  EXPECT_EQ(proven.best(0.82).macs, all.best(0.82).macs);
  EXPECT_LT(proven.tried.size(), all.tried.size());
}

// The first steps make it better, as they do of a network that is far too large: A* looks at all the small ones of that
// height before it goes down.
TEST(Walk, HasBeenFarDownWhenItIsStoppedEarly) {
  const ir::Graph first = first_net();
  const auto plateau = [&](const Path& path) {
    const double saved = std::log(macs_of(first) / macs_of(follow_structure(first, path)));
    return path.empty() ? 0.9 : 0.96 - 0.02 * std::max(0.0, saved - 0.7);
  };
  MadeUp dives(first, plateau), broad(first, plateau);
  dives.most = broad.most = 30;
  walk(first, options_of(Order::astar, 0.5), macs_of, dives);
  walk(first, options_of(Order::astar, 1), macs_of, broad);
  EXPECT_LT(dives.best(0.82).macs, 0.5 * broad.best(0.82).macs);
}

// So many trials stand between two decisions, whether one process makes them or two.
TEST(Walk, IsTheSameWalkAgain) {
  const ir::Graph first = first_net();
  MadeUp one(first, narrow_is_cheap), two(first, narrow_is_cheap);
  one.most = two.most = 25;
  walk(first, options_of(Order::astar), macs_of, one);
  walk(first, options_of(Order::astar), macs_of, two);
  ASSERT_EQ(one.tried.size(), two.tried.size());
  for (size_t i = 0; i < one.tried.size(); ++i) EXPECT_EQ(one.tried[i].record.path, two.tried[i].record.path);
}

TEST(Walk, GoesOnWhenATrialFails) {
  const ir::Graph first = first_net();
  MadeUp world(first, narrow_is_cheap);
  world.failing = [](const Path& path) { return !path.empty() && path.back().kind == "input"; };
  walk(first, options_of(Order::astar, 1), macs_of, world);
  int failed = 0;
  for (const auto& t : world.tried) {
    failed += !t.record.result.failure.empty();
    EXPECT_EQ(t.record.path.find("input input 24\n") != std::string::npos, !t.record.result.failure.empty());
  }
  EXPECT_GT(failed, 0);
  EXPECT_LT(world.best(0.82).macs, macs_of(first) / 4);
}

TEST(Walk, RefusesAFirstNetworkThatKnowsNothing) {
  const ir::Graph first = first_net();
  const auto refusal = [&](MadeUp& world) -> std::string {
    try {
      walk(first, options_of(Order::astar), macs_of, world);
      return "taken";
    } catch (const host::Error& e) {
      return e.what();
    }
  };
  MadeUp guesses(first, [](const Path&) { return 0.5; }), falls(first, narrow_is_cheap);
  EXPECT_THAT(refusal(guesses), HasSubstr("scores 0.500, which is no better than chance"));
  falls.failing = [](const Path&) { return true; };
  EXPECT_THAT(refusal(falls), HasSubstr("the first network cannot be tried: it fell over"));
}

TEST(Walk, RefusesANetworkThatNothingCanBeTakenFrom) {
  const ir::Graph first = first_net();
  MadeUp world(first, narrow_is_cheap);
  WalkOptions options = options_of(Order::astar);
  options.reductions.kinds = {"gate"};
  EXPECT_THROW(walk(first, options, macs_of, world), host::Error);
}

TEST(Candidate, KeysFollowFromStructureAlone) {
  const ir::Graph first = first_net();
  ir::Graph other = first;
  ir::initialise(other, 2);
  for (ir::Node& node : other.nodes) node.name = "x" + node.name;
  EXPECT_EQ(key_of(first), key_of(other));
  const Path a = parse_path("narrow one 8\nkernel two 1\n"), b = parse_path("kernel two 1\nnarrow one 8\n");
  EXPECT_EQ(key_of(follow_structure(first, a)), key_of(follow_structure(first, b)));
  EXPECT_NE(key_of(follow_structure(first, a)), key_of(first));
  EXPECT_EQ(print(a), "narrow one 8\nkernel two 1\n");
}

// A step that drops weights, then one that asks weights which channels leave.
TEST(Candidate, FollowsStepsThatNeedWeightsAfterStepsThatLoseThem) {
  ir::Builder g("deep", {8, 8, 1});
  ir::Value x = g.relu(g.dense(g.flatten(g.conv(g.input(), 4, {.name = "one"})), 12, "a"));
  x = g.relu(g.dense(x, 16, "b"));
  ir::Graph graph = g.finish(g.dense(x, 2, "c"));
  ir::initialise(graph, 1);
  const ir::Graph small = follow(graph, parse_path("dense a\nnarrow one 2\n"), 1);
  EXPECT_EQ(small.constants.at("b.weight").dims[1], 8 * 8 * 2);
}

TEST(Candidate, TakesOverWhatFits) {
  const ir::Graph first = first_net();
  ir::Graph small = follow(first, parse_path("narrow two 16\n"), 3), other = follow(first, {}, 1);
  ir::Tensor& bias = other.constants.at("three.bias");
  bias = ir::make_tensor(DType::f32, bias.dims, std::vector<float>(32, 7));
  take_over(small, other);
  EXPECT_EQ(small.constants.at("three.bias").as<float>()[0], 7);
  EXPECT_EQ(small.constants.at("two.weight").dims[0], 16);
}

}  // namespace
}  // namespace dimple::search
