#include <algorithm>

#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {
namespace {

class Outline {
 public:
  explicit Outline(const OutlineChart& chart) : chart_(chart), depth_(chart.rows.size(), 0) {
    size_t deepest = 1, longest = 0;
    for (size_t i = 0; i < depth_.size(); ++i) {
      const ptrdiff_t parent = chart.rows[i].parent;
      if (parent >= 0) depth_[i] = depth_[static_cast<size_t>(parent)] + 1;
      deepest = std::max(deepest, depth_[i]);
    }
    indent_ = std::clamp(kMostIndents / static_cast<double>(deepest), 6.0, 18.0);
    for (size_t i = 0; i < depth_.size(); ++i)
      longest = std::max(longest, static_cast<size_t>(x_of(i) + kLetter * static_cast<double>(text_of(i).size())));
    columns_at_ = std::max(360.0, static_cast<double>(longest) + 24);
    width_ = columns_at_ + kColumn * static_cast<double>(chart.columns.size()) + kLeft;
    height_ = kTop + kRow * static_cast<double>(chart.rows.size()) + 16;
  }

  std::string draw() {
    Svg svg(width_, height_);
    svg.text({kLeft, 26}, chart_.title, {.size = 15, .colour = kInk, .bold = true});
    svg.text({kLeft, 48}, chart_.note, {.size = 12, .colour = kSoft});
    for (size_t i = 0; i < chart_.columns.size(); ++i)
      svg.text({column_end(i), kTop - 12}, chart_.columns[i], {.size = 11, .anchor = Anchor::end, .colour = kSoft});
    for (const bool on_way : {false, true})
      for (size_t i = 0; i < chart_.rows.size(); ++i)
        if (chart_.rows[i].on_way == on_way) draw_edge(svg, i);
    for (size_t i = 0; i < chart_.rows.size(); ++i) draw_row(svg, i);
    return svg.finish();
  }

 private:
  static constexpr double kLeft = 24, kTop = 84, kRow = 18, kColumn = 84, kLetter = 6.6, kMostIndents = 320;
  static constexpr size_t kMostLetters = 64;
  static constexpr const char* kInk = "#1f2329";
  static constexpr const char* kSoft = "#5c636e";
  static constexpr const char* kEdge = "#d3d7de";
  static constexpr const char* kPale = "#a3aab5";

  double x_of(size_t i) const { return kLeft + 6 + indent_ * static_cast<double>(depth_[i]); }
  double y_of(size_t i) const { return kTop + kRow * (static_cast<double>(i) + 0.5); }
  double column_end(size_t i) const { return columns_at_ + kColumn * static_cast<double>(i + 1); }
  std::string text_of(size_t i) const {
    const std::string& text = chart_.rows[i].text;
    return text.size() <= kMostLetters ? text : text.substr(0, kMostLetters - 3) + "...";
  }

  // Down from the parent, then across.
  void draw_edge(Svg& svg, size_t i) const {
    const OutlineRow& row = chart_.rows[i];
    if (row.parent < 0) return;
    const auto parent = static_cast<size_t>(row.parent);
    const Point corner{x_of(parent), y_of(i)};
    svg.polyline({{corner.x, y_of(parent)}, corner, {x_of(i), corner.y}},
                 {row.on_way ? series_colour(0) : kEdge, row.on_way ? 2.0 : 1.0});
  }

  void draw_row(Svg& svg, size_t i) const {
    const OutlineRow& row = chart_.rows[i];
    const Point dot{x_of(i), y_of(i)};
    if (!row.figures.empty()) svg.circle(dot, row.on_way ? 4 : 3, row.on_way ? series_colour(0) : kPale);
    const std::string colour = row.on_way ? kInk : row.pale ? kPale : kSoft;
    svg.text({dot.x + 9, dot.y + 4}, text_of(i), {.size = 12, .colour = colour, .bold = row.on_way});
    for (size_t c = 0; c < row.figures.size(); ++c)
      svg.text({column_end(c), dot.y + 4}, row.figures[c],
               {.size = 12, .anchor = Anchor::end, .colour = colour, .bold = row.on_way});
  }

  const OutlineChart& chart_;
  std::vector<size_t> depth_;
  double indent_ = 18, columns_at_ = 0, width_ = 0, height_ = 0;
};

}  // namespace

std::string outline_chart(const OutlineChart& chart) { return Outline(chart).draw(); }

}  // namespace dimple::plot
