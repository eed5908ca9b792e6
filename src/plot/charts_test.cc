#include "plot/charts.h"

#include <gmock/gmock.h>

#include "plot/axis.h"
#include "plot/svg.h"

namespace dimple::plot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

size_t count_of(const std::string& text, const std::string& piece) {
  size_t count = 0;
  for (size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++count;
  return count;
}

TEST(Ticks, AreRoundNumbersThatCoverTheRange) {
  EXPECT_THAT(ticks(0, 1, 5), ElementsAre(0, 0.2, testing::DoubleEq(0.4), testing::DoubleEq(0.6), 0.8, 1));
  EXPECT_THAT(ticks(3, 97, 5), ElementsAre(0, 20, 40, 60, 80, 100));
  EXPECT_THAT(ticks(1, 3, 8, true), ElementsAre(1, 2, 3));
  EXPECT_GE(ticks(5, 5, 4).size(), 2u);
}

TEST(Ticks, ShowAsManyDigitsAsTheStepNeeds) {
  EXPECT_EQ(tick_text(0.2, 0.2), "0.2");
  EXPECT_EQ(tick_text(0.25, 0.05), "0.25");
  EXPECT_EQ(tick_text(40, 20), "40");
  EXPECT_EQ(tick_text(-0.0, 1), "0");
}

TEST(Svg, EscapesWhatANameMayHold) { EXPECT_EQ(escaped("a<b & \"c\"\x01"), "a&lt;b &amp; &quot;c&quot;"); }

TreeChart small_tree() {
  TreeChart chart;
  chart.title = "walk", chart.x_title = "flops", chart.level = 0.8, chart.level_name = "floor";
  chart.points = {
      {4e6, 1, -1, true, "first"}, {1e6, 0.9, 0, true, {}}, {2e6, 0.2, 0, false, {}}, {2e5, 0.85, 1, true, "found"}};
  return chart;
}

TEST(TreeChart, DrawsTheWayBold) {
  const std::string svg = tree_chart(small_tree());
  EXPECT_EQ(count_of(svg, "stroke=\"#0072b2\""), 2u);
  EXPECT_EQ(count_of(svg, "<circle"), 4u);
  for (const char* word : {">first<", ">found<", ">floor<", ">1 M<", ">500 k<"}) EXPECT_THAT(svg, HasSubstr(word));
}

TEST(TreeChart, HoldsWithOnePointOrNone) {
  TreeChart chart = small_tree();
  chart.points.resize(1);
  EXPECT_THAT(tree_chart(chart), Not(HasSubstr("nan")));
  chart.points.clear();
  EXPECT_THAT(tree_chart(chart), Not(HasSubstr("nan")));
}

TEST(TreeChart, JoinsAFrontByAStair) {
  TreeChart chart = small_tree();
  for (TreePoint& p : chart.points) p.parent = -1;
  chart.steps = {3, 1, 0};
  const std::string svg = tree_chart(chart);
  const size_t stair = svg.find("stroke=\"#009e73\"");
  ASSERT_NE(stair, std::string::npos);
  const size_t begin = svg.rfind("points=", stair);
  EXPECT_EQ(count_of(svg.substr(begin, stair - begin), ","), 5u);  // three points, and a corner between any two
}

OutlineChart small_outline() {
  OutlineChart chart;
  chart.title = "family", chart.columns = {"auc", "flops"};
  chart.rows = {{"first", -1, {"0.9", "4 M"}, true},
                {"a < b", 0, {"0.7", "2 M"}, false, true},
                {"and 3 more", 0},
                {"found", 0, {"0.8", "1 M"}, true}};
  return chart;
}

TEST(OutlineChart, HasALineForEachAndADotForEachOneWithFigures) {
  const std::string svg = outline_chart(small_outline());
  EXPECT_EQ(count_of(svg, "<circle"), 3u);
  EXPECT_EQ(count_of(svg, "<polyline"), 3u);
  EXPECT_EQ(count_of(svg, "stroke=\"#0072b2\""), 1u);  // the way
  for (const char* word : {">a &lt; b<", ">and 3 more<", ">0.8<", ">flops<"}) EXPECT_THAT(svg, HasSubstr(word));
}

TEST(OutlineChart, CutsLongTextAndStandsDeepOnesCloser) {
  OutlineChart chart = small_outline();
  for (ptrdiff_t i = 3; i < 60; ++i) chart.rows.push_back({std::string(200, 'x'), i, {"0.8", "1 M"}, false});
  const std::string svg = outline_chart(chart);
  EXPECT_EQ(count_of(svg, std::string(61, 'x') + "..."), 57u);
  EXPECT_EQ(count_of(svg, std::string(62, 'x')), 0u);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  chart.rows.clear();
  EXPECT_THAT(outline_chart(chart), Not(HasSubstr("nan")));
}

TEST(LineChart, BreaksTheLineAtAGap) {
  const LineChart chart{"t", "epoch", "loss", {{"train", {1, 2, 3, 4, 5}, {3, 2, kGap, 1, 0.5}}}, true};
  const std::string svg = line_chart(chart);
  EXPECT_EQ(count_of(svg, "stroke=\"#0072b2\""), 2u);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(LineChart, ASeriesWithLabelsIsDotsAndNoLine) {
  const auto count = [](const std::string& svg, const std::string& shape) {
    int found = 0;
    for (size_t at = svg.find(shape); at != std::string::npos; at = svg.find(shape, at + 1)) ++found;
    return found;
  };
  LineChart chart{"t", "kB", "accuracy", {{"runs", {1, 2}, {3, 4}}}};
  const std::string line = line_chart(chart);
  chart.series[0].labels = {"keep=0.5", "a<b"};
  const std::string svg = line_chart(chart);
  EXPECT_EQ(count(svg, "<circle"), 2);
  EXPECT_EQ(count(svg, "<polyline"), count(line, "<polyline") - 1);
  EXPECT_THAT(svg, testing::HasSubstr("keep=0.5"));
  EXPECT_THAT(svg, testing::HasSubstr("a&lt;b"));
}

TEST(LineChart, StandsWithoutAnyPoint) {
  const std::string svg = line_chart({"empty", "x", "y", {{"train", {}, {}}}});
  EXPECT_THAT(svg, HasSubstr("</svg>"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(MatrixChart, HasACellForEveryPairAndSurvivesAnEmptyRow) {
  const std::string svg = matrix_chart({"confusion", {"happy", "sad"}, {3, 1, 0, 0}});
  EXPECT_THAT(svg, HasSubstr("75 %"));
  EXPECT_EQ(count_of(svg, "<rect"), 5u);  // the page and four cells
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(ReliabilityChart, DrawsOnlyBinsThatHoldPictures) {
  const std::string svg = reliability_chart("r", {{0, 0.5, 0, 0, 0}, {0.5, 1, 0.8, 0.7, 10}}, 0.1);
  EXPECT_EQ(count_of(svg, "<circle"), 1u);
  EXPECT_THAT(svg, HasSubstr("error 0.100"));
}

TEST(BarChart, DrawsAWhiskerForAnInterval) {
  EXPECT_GT(count_of(bar_chart({"f1", "f1", {{"happy", 0.8, 0.7, 0.9}}}), "polyline"),
            count_of(bar_chart({"f1", "f1", {{"happy", 0.8}}}), "polyline"));
}

TEST(BlockChart, DrawsEachBlockAndNamesThoseWithRoom) {
  BlockChart chart{.title = "arena", .x_title = "step", .y_title = "byte"};
  chart.blocks = {
      {"wide", 0, 8, 0, 100}, {"a name that has no room", 3, 4, 100, 200, 1}, {"low", 0, 10, 200, 201, 0, true}};
  chart.tops = {100, 200, 201};
  const std::string svg = block_chart(chart);
  EXPECT_EQ(count_of(svg, "<rect"), 1u + 3) << "the page and the blocks";
  EXPECT_THAT(svg, HasSubstr(">wide<"));
  EXPECT_THAT(svg, Not(HasSubstr("no room")));
  const std::string without = [&] {
    BlockChart bare = chart;
    bare.tops.clear();
    return block_chart(bare);
  }();
  EXPECT_EQ(count_of(svg, "<polyline"), count_of(without, "<polyline") + 1) << "what is in use";
}

TEST(BarPanels, EachPanelHasItsOwnAxisThatHoldsZero) {
  BarPanels chart{.title = "t", .note = "n", .names = {"first <1>", "second"}};
  chart.panels = {{"dB", {{40}, {20}}, 1}, {"points", {{-0.2, -0.5, 0.1}, {1.5, 1, 2, true}}, 2}};
  const std::string svg = bar_panels(chart);
  EXPECT_EQ(count_of(svg, "<rect"), 1 + 4u);
  EXPECT_EQ(count_of(svg, series_colour(1)), 1u) << "the loud one";
  EXPECT_THAT(svg, HasSubstr("first &lt;1&gt;"));
  for (const char* number : {">40.0<", ">20.0<", ">-0.20<", ">1.50<"}) EXPECT_THAT(svg, HasSubstr(number));
  EXPECT_EQ(count_of(svg, "stroke-width=\"1.2\""), 6u) << "two whiskers";
}

TEST(BarPanels, OneWithoutAnythingHasAnAxisAllTheSame) {
  EXPECT_THAT(bar_panels({"t", "", {"a"}, {{"x", {{0}}, 1}}}), Not(HasSubstr("nan")));
  EXPECT_THAT(bar_panels({"t", "", {}, {{"x", {}, 1}}}), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace dimple::plot
