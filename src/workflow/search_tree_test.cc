#include "workflow/search_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plot/charts.h"

namespace dimple::workflow {
namespace {

using testing::HasSubstr;
using testing::Not;

TriedNetwork tried_network(int id, ptrdiff_t parent, double quality, std::vector<std::string> path) {
  TriedNetwork n;
  n.id = std::to_string(id), n.key = "k" + n.id, n.parent = parent, n.quality = n.score = quality;
  n.cost = 1e6 / id, n.path = std::move(path);
  return n;
}

size_t rows_in(const std::string& svg) {
  size_t count = 0;
  for (size_t at = 0; (at = svg.find("<polyline", at)) != std::string::npos; ++at) ++count;
  return count + 1;  // the first has no line to it
}

TEST(SearchTree, NamesWhatIsOtherThanInTheParent) {
  const std::vector<TriedNetwork> all{tried_network(1, -1, 1, {}),
                                      tried_network(2, 0, 1, {"narrow a 24", "separate b"}),
                                      tried_network(3, 1, 1, {"narrow a 16", "separate c"}),
                                      tried_network(4, 0, 1, {"narrow a 8", "narrow b 8", "block c", "input input 32"}),
                                      tried_network(5, 1, 1, {"separate b", "narrow a 24"})};
  EXPECT_EQ(changes_of(all[0], all), "the first network");
  EXPECT_EQ(changes_of(all[1], all), "narrow a 24, separate b");
  EXPECT_EQ(changes_of(all[2], all), "narrow a 16, separate c, 1 more");
  EXPECT_EQ(changes_of(all[3], all), "narrow a 8, narrow b 8, 2 more");
  EXPECT_EQ(changes_of(all[4], all), "the same in another order");
}

// A hundred brothers, and a way of three among them.
TEST(SearchTree, ALargeOneKeepsTheWayAndTheBest) {
  std::vector<TriedNetwork> all{tried_network(1, -1, 1, {})};
  for (int i = 2; i <= 102; ++i)
    all.push_back(tried_network(i, 0, 0.5 + i / 1000.0, {"narrow a " + std::to_string(i)}));
  all.push_back(tried_network(103, 1, 0.4, {"narrow a 2", "separate b"}));  // of the worst brother
  all.push_back(tried_network(104, 103 - 1, 0.4, {"narrow a 2", "separate b", "block c"}));
  const TreeNames names{"auc", "flops", "k104", 0};
  const std::string small = draw_search_tree(all, names, 30);
  EXPECT_LE(rows_in(small), 30u);
  for (const char* piece : {">2  narrow a 2<", ">103  separate b<", ">104  block c<", ">102  narrow a 102<", " more<"})
    EXPECT_THAT(small, HasSubstr(piece));
  EXPECT_THAT(small, Not(HasSubstr(">3  narrow a 3<")));
  EXPECT_EQ(rows_in(draw_search_tree(all, names, 200)), all.size());
  EXPECT_THAT(draw_search_tree(all, names, 1), HasSubstr(">100 more<"));  // the way stays, however little room there is
}

TEST(SearchTree, TheFrontLeavesOutWhatIsBeaten) {
  std::vector<TriedNetwork> all{tried_network(1, -1, 0.9, {}), tried_network(2, 0, 0.8, {"narrow a 2"}),
                                tried_network(3, 0, 0.85, {"narrow a 3"})};
  EXPECT_THAT(draw_front(all, {"auc", "flops", "k3", 0}), HasSubstr("The front: 2 of 3 networks"));
}

}  // namespace
}  // namespace dimple::workflow
