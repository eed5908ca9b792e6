// The charts of a run folder, as SVG text.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace dimple::plot {

inline constexpr double kGap = std::numeric_limits<double>::quiet_NaN();  // a point that is not there

struct Series {
  std::string name;
  std::vector<double> x, y;  // as many of each; the line is broken at a gap
  bool dashed = false;
  std::vector<std::string> labels = {};  // one for each point: dots with these words beside them, and no line
};

struct LineChart {
  std::string title, x_title, y_title;
  std::vector<Series> series;
  bool whole_x = false;  // epochs
  bool y_from_zero = false;
};
std::string line_chart(const LineChart& chart);

// Several charts side by side and below each other, e.g. loss, accuracy and learning rate.
std::string line_charts(const std::string& title, const std::vector<LineChart>& charts, int columns = 2);

// Rows are labels, columns are answers; shaded by the share of the row, with the count and the share in each cell.
struct MatrixChart {
  std::string title;
  std::vector<std::string> names;
  std::vector<int64_t> counts;  // names.size() squared
};
std::string matrix_chart(const MatrixChart& chart);

struct Bar {
  std::string name;
  double value = 0, low = kGap, high = kGap;  // low and high: an interval, drawn as a whisker
};
struct BarChart {
  std::string title, value_title;
  std::vector<Bar> bars;
  double axis_end = 1;
};
std::string bar_chart(const BarChart& chart);

// Several figures of the same things side by side, each on an axis of its own that holds 0: layers, and what each costs.
struct PanelBar {
  double value = 0, low = kGap, high = kGap;  // low and high: an interval, drawn as a whisker
  bool loud = false;                          // to be looked at
};
struct BarPanel {
  std::string title;
  std::vector<PanelBar> bars;  // one for each name
  int digits = 1;              // behind the point
};
struct BarPanels {
  std::string title, note;
  std::vector<std::string> names;
  std::vector<BarPanel> panels;
};
std::string bar_panels(const BarPanels& chart);

// Things that come from each other, by a cost (left to right, each ten times as much as far again) and a worth (upwards):
// grey lines from parents, pale dots below the level, and the way to one of them drawn bold.
struct TreePoint {
  double x = 0, y = 0;    // x above 0; what lies below the picture stands at its lower edge
  ptrdiff_t parent = -1;  // -1: none
  bool on_way = false;
  std::string label = {};  // beside it
};
struct TreeChart {
  std::string title, x_title, y_title, note;
  std::vector<TreePoint> points;
  std::vector<size_t> steps = {};  // points from left to right that a stair joins: as good as it gets for each cost
  double level = kGap;             // a dashed line
  std::string level_name;
};
std::string tree_chart(const TreeChart& chart);

// What comes from what, as lines of text: each below the one that it comes from and further right, figures in columns.
struct OutlineRow {
  std::string text;
  ptrdiff_t parent = -1;             // an earlier row; -1: none
  std::vector<std::string> figures;  // one for each column, or none
  bool on_way = false;
  bool pale = false;  // of less interest
};
struct OutlineChart {
  std::string title, note;
  std::vector<std::string> columns;
  std::vector<OutlineRow> rows;
};
std::string outline_chart(const OutlineChart& chart);

// Blocks over time, each at its own height: which buffer holds which bytes of an arena during which steps.
struct Block {
  std::string name;
  double x = 0, x_end = 0, y = 0, y_end = 0;
  size_t colour = 0;
  bool pale = false;
};
struct BlockChart {
  std::string title, x_title, y_title;
  std::vector<Block> blocks;
  std::vector<double> tops;  // the height that is in use from x = i to i + 1
};
std::string block_chart(const BlockChart& chart);

// How often the answer is right (height) when it is scored so (left to right), against the diagonal.
struct ReliabilityPoint {
  double low = 0, high = 0, confidence = 0, accuracy = 0;
  int64_t count = 0;
};
std::string reliability_chart(const std::string& title, const std::vector<ReliabilityPoint>& points, double ece);

}  // namespace dimple::plot
