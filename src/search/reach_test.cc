// A space small enough to look at every network of it: what cannot be met is known.
#include "search/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ir/builder.h"
#include "ir/cost.h"

namespace dimple::search {
namespace {

using testing::HasSubstr;

ir::Graph three_layers() {
  ir::Builder g("net", {32, 32, 1});
  ir::Value x = g.relu(g.batch_norm(g.conv(g.input(), 16, {.stride = 2, .name = "early"})));
  x = g.relu(g.batch_norm(g.conv(x, 16, {.stride = 2, .name = "middle"})));
  x = g.relu(g.batch_norm(g.conv(x, 16, {.stride = 2, .name = "late"})));
  return g.finish(g.dense(g.global_average_pool(x), 7, "last"));
}

double figure_of_three(const ir::Graph& graph, const std::string& name) {
  if (name == "ram_kb") return std::numeric_limits<double>::infinity();
  const ir::Cost cost = ir::estimate_cost(graph);
  return static_cast<double>(name == "parameters" ? cost.parameters : cost.multiply_adds);
}

class Reach : public testing::Test {
 protected:
  Reach() : space_(three_layers(), {.kinds = {"narrow", "input"}}) {
    for (Design design = space_.prototype();;) {
      every_.push_back(space_.express(design).structure);
      size_t i = 0;
      while (i < design.size() && ++design[i] == space_.genes()[i].choices.size()) design[i++] = 0;
      if (i == design.size()) break;
    }
  }
  double extreme(const std::string& figure, bool least) const {
    double best = figure_of_three(every_[0], figure);
    for (const ir::Graph& graph : every_) {
      const double value = figure_of_three(graph, figure);
      best = least ? std::min(best, value) : std::max(best, value);
    }
    return best;
  }
  bool can_be_met(const Requirements& where) const {
    return std::ranges::any_of(every_, [&](const ir::Graph& graph) {
      return std::ranges::all_of(where,
                                 [&](const Requirement& r) { return r.met_by(figure_of_three(graph, r.figure)); });
    });
  }
  std::optional<Blocked> blocked(const Requirements& where) const {
    return find_blocked(space_, where, figure_of_three, 1, {});
  }

  const Space space_;
  std::vector<ir::Graph> every_;
};

TEST_F(Reach, EndsWhereTheSpaceEnds) {
  for (const char* figure : {"macs", "parameters"})
    for (const bool at_most : {true, false}) {
      SCOPED_TRACE(figure);
      const double end = extreme(figure, at_most);
      EXPECT_FALSE(blocked({{figure, at_most, true, end}}));
      const std::optional<Blocked> beyond = blocked({{"acc", false, true, 0.99}, {figure, at_most, false, end}});
      ASSERT_TRUE(beyond);
      EXPECT_EQ(beyond->requirements, (Requirements{{figure, at_most, false, end}}));
      EXPECT_EQ(beyond->nearest.at(figure), end);
    }
}

// Bounds on a grid: what it calls blocked is what no network meets, and what it lets pass one does.
TEST_F(Reach, AgreesWithALookAtEveryNetwork) {
  const double macs = extreme("macs", false), parameters = extreme("parameters", false);
  int met = 0, not_met = 0;
  for (const double share : {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8})
    for (const double other : {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.95}) {
      const Requirements where{{"macs", true, false, share * macs}, {"parameters", false, false, other * parameters}};
      SCOPED_TRACE(print(where[0]) + " and " + print(where[1]));
      const bool possible = can_be_met(where);
      EXPECT_EQ(!blocked(where), possible);
      ++(possible ? met : not_met);
    }
  EXPECT_GT(met, 20);
  EXPECT_GT(not_met, 20);
}

TEST_F(Reach, NamesThePairAndTheNearestMiss) {
  const Requirements where{
      {"flops", true, false, 1e12}, {"macs", true, false, 30e3}, {"parameters", false, false, 4e3}};
  ASSERT_FALSE(can_be_met(where));
  const std::optional<Blocked> pair = blocked(where);
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->requirements, (Requirements{where[1], where[2]}));
  EXPECT_THAT(doubt_of(*pair), HasSubstr("found no network that meets macs < 30k and parameters > 4k"));
}

TEST_F(Reach, IsTheUsersToWiden) {
  const host::Error small = refusal_of({{{"macs", true, false, 10e3}}, {{"macs", 48'200}}});
  EXPECT_EQ(small.exit(), host::Exit::gate);
  EXPECT_STREQ(small.what(), "no network of this prototype meets macs < 10k: the nearest has 48.2 k");
  EXPECT_THAT(small.hint(), HasSubstr("a smaller prototype"));
  EXPECT_THAT(refusal_of({{{"macs", false, false, 10e9}}, {{"macs", 5e6}}}).hint(), HasSubstr("a larger prototype"));
  const std::optional<Blocked> nowhere = blocked({{"ram_kb", true, false, 10}});
  ASSERT_TRUE(nowhere);
  EXPECT_THAT(refusal_of(*nowhere).what(), HasSubstr("no network of this prototype has ram_kb"));
}

}  // namespace
}  // namespace dimple::search
