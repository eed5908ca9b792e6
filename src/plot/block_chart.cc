#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {

std::string block_chart(const BlockChart& chart) {
  constexpr double kLeft = 84, kTop = 64, kWidth = 760, kHeight = 380;
  double x_end = 1, y_end = 1;
  for (const Block& block : chart.blocks) x_end = std::max(x_end, block.x_end), y_end = std::max(y_end, block.y_end);
  const auto x_of = [&](double x) { return kLeft + x / x_end * kWidth; };
  const auto y_of = [&](double y) { return kTop + kHeight - y / y_end * kHeight; };
  Svg svg(kLeft + kWidth + 36, kTop + kHeight + 60);
  svg.text({kLeft, 30}, chart.title, {.size = 17, .colour = "#1f2329", .bold = true});
  const std::vector<double> heights = ticks(0, y_end, 6);
  for (const double y : heights) {
    svg.line({kLeft, y_of(y)}, {kLeft + kWidth, y_of(y)}, {.colour = "#e6e8ec"});
    svg.text({kLeft - 8, y_of(y) + 4}, tick_text(y, heights[1] - heights[0]),
             {.size = 11, .anchor = Anchor::end, .colour = "#5c636e"});
  }
  struct Place {
    double left, top, width, height;
  };
  const auto place_of = [&](const Block& block) {
    const double left = x_of(block.x), top = y_of(block.y_end);
    return Place{left, top, x_of(block.x_end) - left, y_of(block.y) - top};
  };
  for (const Block& block : chart.blocks) {
    const auto [left, top, width, height] = place_of(block);
    svg.rectangle({left + 1, top + 0.5}, std::max(width - 2, 1.0), std::max(height - 1, 1.0),
                  block.pale ? "#c9ced6" : series_colour(block.colour), 2, block.pale ? 0.9 : 0.75);
  }
  for (const Block& block : chart.blocks) {  // above all of them: some overlap
    const auto [left, top, width, height] = place_of(block);
    if (height > 14 && width > 7.0 * static_cast<double>(block.name.size()))
      svg.text({left + width / 2, top + height / 2 + 4}, block.name,
               {.size = 11, .anchor = Anchor::middle, .colour = "#1f2329"});
  }
  std::vector<Point> line;
  for (size_t i = 0; i < chart.tops.size(); ++i)
    for (const size_t end : {i, i + 1}) line.push_back({x_of(static_cast<double>(end)), y_of(chart.tops[i])});
  if (!line.empty()) svg.polyline(line, {.colour = "#1f2329", .width = 1.5});
  const std::vector<double> steps = ticks(0, x_end, 12);
  for (const double x : steps)
    svg.text({x_of(x), kTop + kHeight + 18}, tick_text(x, steps[1] - steps[0]),
             {.size = 11, .anchor = Anchor::middle, .colour = "#5c636e"});
  svg.line({kLeft, kTop + kHeight}, {kLeft + kWidth, kTop + kHeight}, {.colour = "#8b919c"});
  svg.text({kLeft + kWidth / 2, kTop + kHeight + 44}, chart.x_title, {.anchor = Anchor::middle, .colour = "#5c636e"});
  svg.text({24, kTop + kHeight / 2}, chart.y_title,
           {.anchor = Anchor::middle, .colour = "#5c636e", .turn_degrees = -90});
  return svg.finish();
}

}  // namespace dimple::plot
