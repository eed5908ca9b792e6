#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {
namespace {

constexpr double kWidth = 640, kHeight = 400, kLeft = 64, kRight = 20, kTop = 64, kBottom = 52;
constexpr const char* kGrid = "#e6e8ec";
constexpr const char* kAxis = "#8b919c";
constexpr const char* kInk = "#1f2329";
constexpr const char* kSoft = "#5c636e";

struct Range {
  double low = 0, high = 1;
};

template <class Pick>
Range range_of(const std::vector<Series>& series, Pick pick) {
  Range range{1e300, -1e300};
  for (const Series& one : series) {
    for (const double value : pick(one)) {
      if (!std::isfinite(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  if (range.low > range.high) return {};
  if (range.low == range.high) return {range.low - 0.5, range.high + 0.5};
  return range;
}

// One panel of a page: a chart with its corner at `at`.
class Panel {
 public:
  Panel(Svg& svg, Point at, const LineChart& chart) : svg_(svg), at_(at), chart_(chart) {
    x_ = range_of(chart.series, [](const Series& s) { return s.x; });
    y_ = range_of(chart.series, [](const Series& s) { return s.y; });
    if (chart.y_from_zero) y_.low = std::min(y_.low, 0.0);
    y_ticks_ = ticks(y_.low, y_.high, 6);
    y_ = {y_ticks_.front(), y_ticks_.back()};
    x_ticks_ = ticks(x_.low, x_.high, 8, chart.whole_x);
    std::erase_if(x_ticks_, [&](double t) { return t < x_.low - 1e-9 || t > x_.high + 1e-9; });
  }

  void draw() {
    svg_.text({at_.x + kLeft, at_.y + 24}, chart_.title, {.size = 15, .colour = kInk, .bold = true});
    draw_grid();
    for (size_t i = 0; i < chart_.series.size(); ++i) draw_series(chart_.series[i], series_colour(i));
    draw_legend();
  }

 private:
  Point point_at(double x, double y) const {
    return {at_.x + kLeft + (x - x_.low) / (x_.high - x_.low) * (kWidth - kLeft - kRight),
            at_.y + kHeight - kBottom - (y - y_.low) / (y_.high - y_.low) * (kHeight - kTop - kBottom)};
  }

  void draw_grid() {
    const double y_step = y_ticks_.size() > 1 ? y_ticks_[1] - y_ticks_[0] : 1;
    for (const double tick : y_ticks_) {
      svg_.line(point_at(x_.low, tick), point_at(x_.high, tick), {.colour = kGrid});
      const Point p = point_at(x_.low, tick);
      svg_.text({p.x - 8, p.y + 4}, tick_text(tick, y_step), {.size = 11, .anchor = Anchor::end, .colour = kSoft});
    }
    const double x_step = x_ticks_.size() > 1 ? x_ticks_[1] - x_ticks_[0] : 1;
    for (const double tick : x_ticks_) {
      const Point p = point_at(tick, y_.low);
      svg_.line(p, {p.x, p.y + 4}, {.colour = kAxis});
      svg_.text({p.x, p.y + 18}, tick_text(tick, x_step), {.size = 11, .anchor = Anchor::middle, .colour = kSoft});
    }
    svg_.line(point_at(x_.low, y_.low), point_at(x_.high, y_.low), {.colour = kAxis});
    svg_.text({at_.x + (kLeft + kWidth - kRight) / 2, at_.y + kHeight - 12}, chart_.x_title,
              {.anchor = Anchor::middle, .colour = kSoft});
    svg_.text({at_.x + 16, at_.y + (kTop + kHeight - kBottom) / 2}, chart_.y_title,
              {.anchor = Anchor::middle, .colour = kSoft, .turn_degrees = -90});
  }

  // Below a dot and to its right; at the right end to its left, at the bottom level with it.
  void draw_dots(const Series& series, const std::string& colour) {
    for (size_t i = 0; i < series.labels.size(); ++i) {
      const Point p = point_at(series.x[i], series.y[i]);
      const bool at_end = p.x > at_.x + 0.8 * kWidth, at_bottom = p.y > at_.y + kHeight - kBottom - 20;
      svg_.circle(p, 4, colour);
      svg_.text({p.x + (at_end ? -4 : 8), p.y + (at_bottom ? 4 : 16)}, series.labels[i],
                {.size = 11, .anchor = at_end ? Anchor::end : Anchor::start, .colour = kInk});
    }
  }

  void draw_series(const Series& series, const std::string& colour) {
    if (!series.labels.empty()) return draw_dots(series, colour);
    std::vector<Point> run;
    const auto draw_run = [&] {
      if (run.size() == 1) svg_.circle(run[0], 2.5, colour);
      if (run.size() > 1) svg_.polyline(run, {colour, 2, series.dashed});
      run.clear();
    };
    for (size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
      if (std::isfinite(series.x[i]) && std::isfinite(series.y[i]))
        run.push_back(point_at(series.x[i], series.y[i]));
      else
        draw_run();
    }
    draw_run();
  }

  void draw_legend() {
    if (chart_.series.size() < 2) return;
    double x = at_.x + kLeft;
    const double y = at_.y + 44;
    for (size_t i = 0; i < chart_.series.size(); ++i) {
      const Series& series = chart_.series[i];
      if (series.labels.empty())
        svg_.line({x, y - 4}, {x + 18, y - 4}, {series_colour(i), 2.5, series.dashed});
      else
        svg_.circle({x + 9, y - 4}, 4, series_colour(i));
      svg_.text({x + 24, y}, series.name, {.colour = kInk});
      x += 24 + 6.6 * static_cast<double>(series.name.size()) + 20;
    }
  }

  Svg& svg_;
  Point at_;
  const LineChart& chart_;
  Range x_, y_;
  std::vector<double> x_ticks_, y_ticks_;
};

}  // namespace

std::string line_chart(const LineChart& chart) {
  Svg svg(kWidth, kHeight);
  Panel(svg, {0, 0}, chart).draw();
  return svg.finish();
}

std::string line_charts(const std::string& title, const std::vector<LineChart>& charts, int columns) {
  const int count = static_cast<int>(charts.size());
  const int across = std::max(1, std::min(columns, count)), down = (count + across - 1) / across;
  const double head = 48;
  Svg svg(kWidth * across, head + kHeight * down);
  svg.text({kLeft, 34}, title, {.size = 19, .colour = kInk, .bold = true});
  for (int i = 0; i < count; ++i) {
    const int column = i % across, row = i / across;
    Panel(svg, {kWidth * column, head + kHeight * row}, charts[static_cast<size_t>(i)]).draw();
  }
  return svg.finish();
}

}  // namespace dimple::plot
