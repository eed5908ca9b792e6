#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {
namespace {

class Tree {
 public:
  explicit Tree(const TreeChart& chart) : chart_(chart), svg_(kWidth, kHeight) {
    x_low_ = 1e300, x_high_ = 0, y_low_ = 1e300, y_high_ = -1e300;
    for (const TreePoint& p : chart.points) {
      x_low_ = std::min(x_low_, p.x), x_high_ = std::max(x_high_, p.x);
      y_low_ = std::min(y_low_, p.y), y_high_ = std::max(y_high_, p.y);
    }
    if (chart.points.empty()) x_low_ = 1, x_high_ = 10, y_low_ = 0, y_high_ = 1;
    if (std::isfinite(chart.level)) {  // what is far below it is of no interest
      y_low_ = std::min(std::max(y_low_, chart.level - (y_high_ - chart.level)), chart.level);
      y_high_ = std::max(y_high_, chart.level);
    }
    if (y_high_ - y_low_ < 1e-9) y_low_ -= 0.05, y_high_ += 0.05;
    x_low_ /= 1.15, x_high_ *= 1.15;
    y_ticks_ = ticks(y_low_, y_high_, 8);
    y_low_ = y_ticks_.front(), y_high_ = y_ticks_.back();
  }

  std::string draw() {
    svg_.text({kLeft, 26}, chart_.title, {.size = 15, .colour = kInk, .bold = true});
    svg_.text({kLeft, 48}, chart_.note, {.size = 12, .colour = kSoft});
    draw_axes();
    draw_edges();
    draw_steps();
    draw_dots();
    draw_texts();
    return svg_.finish();
  }

 private:
  static constexpr double kWidth = 860, kHeight = 520, kLeft = 72, kRight = 28, kTop = 72, kBottom = 56;
  static constexpr const char* kGrid = "#e6e8ec";
  static constexpr const char* kAxis = "#8b919c";
  static constexpr const char* kInk = "#1f2329";
  static constexpr const char* kSoft = "#5c636e";
  static constexpr const char* kEdge = "#d3d7de";
  static constexpr const char* kPale = "#bcc2cc";

  Point at(double x, double y) const {
    const double along = std::log(x / x_low_) / std::log(x_high_ / x_low_);
    const double up = (std::max(y, y_low_) - y_low_) / (y_high_ - y_low_);
    return {kLeft + along * (kWidth - kLeft - kRight), kHeight - kBottom - up * (kHeight - kTop - kBottom)};
  }
  Point at(const TreePoint& p) const { return at(p.x, p.y); }

  void draw_axes() {
    const double step = y_ticks_.size() > 1 ? y_ticks_[1] - y_ticks_[0] : 1;
    for (const double tick : y_ticks_) {
      const Point p = at(x_low_, tick);
      svg_.line(p, at(x_high_, tick), {.colour = kGrid});
      svg_.text({p.x - 8, p.y + 4}, tick_text(tick, step), {.size = 11, .anchor = Anchor::end, .colour = kSoft});
    }
    const bool is_narrow = x_high_ / x_low_ < 10;  // then every digit has its mark
    for (double decade = std::pow(10, std::floor(std::log10(x_low_))); decade < x_high_; decade *= 10)
      for (const double digit : {1, 2, 3, 4, 5, 6, 7, 8, 9}) {
        const double x = digit * decade;
        if (x < x_low_ || x > x_high_ || (!is_narrow && digit != 1 && digit != 2 && digit != 5)) continue;
        const Point p = at(x, y_low_);
        svg_.line(p, {p.x, p.y + 4}, {.colour = kAxis});
        svg_.text({p.x, p.y + 18}, short_number(x), {.size = 11, .anchor = Anchor::middle, .colour = kSoft});
      }
    svg_.line(at(x_low_, y_low_), at(x_high_, y_low_), {.colour = kAxis});
    svg_.text({(kLeft + kWidth - kRight) / 2, kHeight - 14}, chart_.x_title,
              {.anchor = Anchor::middle, .colour = kSoft});
    svg_.text({18, (kTop + kHeight - kBottom) / 2}, chart_.y_title,
              {.anchor = Anchor::middle, .colour = kSoft, .turn_degrees = -90});
    if (std::isfinite(chart_.level))
      svg_.line(at(x_low_, chart_.level), at(x_high_, chart_.level), {series_colour(1), 1.5, true});
  }

  // Where dots and lines are, densely enough that text between two of these points touches nothing.
  void find_ink() {
    constexpr double kApart = 6;
    const auto line = [&](Point from, Point to) {
      const int steps = std::max(1, static_cast<int>(std::hypot(to.x - from.x, to.y - from.y) / kApart));
      for (int i = 0; i <= steps; ++i) {
        const double part = static_cast<double>(i) / steps;
        ink_.push_back({from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)});
      }
    };
    for (const TreePoint& p : chart_.points)
      line(at(p), at(p.parent < 0 ? p : chart_.points[static_cast<size_t>(p.parent)]));
    if (std::isfinite(chart_.level)) line(at(x_low_, chart_.level), at(x_high_, chart_.level));
  }

  // At the first of the places that touches least.
  void write(const std::string& text, const std::vector<Point>& places, const TextStyle& style) {
    constexpr double kLetter = 0.62, kMargin = 4;  // a letter's width for its size
    const auto touched = [&](const Point& p) {
      const double width = kLetter * style.size * static_cast<double>(text.size());
      const double left = style.anchor == Anchor::end      ? p.x - width
                          : style.anchor == Anchor::middle ? p.x - width / 2
                                                           : p.x;
      if (left < kLeft || left + width > kWidth - kMargin) return ink_.size() + 1;
      return static_cast<size_t>(std::ranges::count_if(ink_, [&](const Point& ink) {
        return ink.x > left - kMargin && ink.x < left + width + kMargin && ink.y > p.y - style.size - kMargin &&
               ink.y < p.y + kMargin;
      }));
    };
    svg_.text(*std::ranges::min_element(places, {}, touched), text, style);
  }

  void draw_edges() {
    for (const bool on_way : {false, true})
      for (const TreePoint& p : chart_.points) {
        if (p.parent < 0) continue;
        const TreePoint& from = chart_.points[static_cast<size_t>(p.parent)];
        if ((p.on_way && from.on_way) != on_way) continue;
        svg_.line(at(from), at(p), {on_way ? series_colour(0) : kEdge, on_way ? 2.5 : 1.0});
      }
  }

  // Nothing is known between two points: what the left one reached holds until the right one.
  void draw_steps() {
    std::vector<Point> corners;
    for (const size_t i : chart_.steps) {
      const Point p = at(chart_.points[i]);
      if (!corners.empty()) corners.push_back({p.x, corners.back().y});
      corners.push_back(p);
    }
    if (!corners.empty()) svg_.polyline(corners, {series_colour(2), 2});
  }

  void draw_dots() {
    for (const bool on_way : {false, true})
      for (const TreePoint& p : chart_.points) {
        if (p.on_way != on_way) continue;
        const bool below = std::isfinite(chart_.level) && p.y < chart_.level;
        svg_.circle(at(p), on_way ? 4.5 : 3, on_way ? series_colour(0) : below ? kPale : kAxis);
      }
  }

  void draw_texts() {
    find_ink();
    std::vector<Point> along;
    for (const double part : {0.0, 0.3, 0.6, 0.85})
      for (const double above : {-6.0, 14.0}) {
        const Point p = at(x_low_ * std::pow(x_high_ / x_low_, part), chart_.level);
        along.push_back({p.x + 6, p.y + above});
      }
    if (std::isfinite(chart_.level)) write(chart_.level_name, along, {.size = 11, .colour = kSoft});
    for (const TreePoint& p : chart_.points) {
      if (p.label.empty()) continue;
      const Point dot = at(p);
      std::vector<Point> around;
      for (const double below : {-12.0, 22.0, -26.0, 36.0})
        for (const double beside : {0.0, -14.0, 14.0, -30.0, 30.0}) around.push_back({dot.x + beside, dot.y + below});
      write(p.label, around, {.size = 12, .anchor = Anchor::middle, .colour = kInk, .bold = true});
    }
  }

  const TreeChart& chart_;
  Svg svg_;
  double x_low_, x_high_, y_low_, y_high_;
  std::vector<double> y_ticks_;
  std::vector<Point> ink_;
};

}  // namespace

std::string tree_chart(const TreeChart& chart) { return Tree(chart).draw(); }

}  // namespace dimple::plot
