#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {

std::string bar_chart(const BarChart& chart) {
  constexpr double kBarHeight = 22, kPitch = 34, kTop = 64, kPlotWidth = 440;
  size_t longest = 0;
  for (const Bar& bar : chart.bars) longest = std::max(longest, bar.name.size());
  const double left = 36 + 7.2 * static_cast<double>(longest);
  const double bottom = kTop + kPitch * static_cast<double>(chart.bars.size());
  const auto x_of = [&](double value) { return left + std::clamp(value / chart.axis_end, 0.0, 1.0) * kPlotWidth; };
  Svg svg(left + kPlotWidth + 72, bottom + 52);
  svg.text({left, 30}, chart.title, {.size = 17, .colour = "#1f2329", .bold = true});
  const std::vector<double> at = ticks(0, chart.axis_end, 5);
  for (const double tick : at) {
    svg.line({x_of(tick), kTop - 10}, {x_of(tick), bottom}, {.colour = "#e6e8ec"});
    svg.text({x_of(tick), bottom + 18}, tick_text(tick, at[1] - at[0]),
             {.size = 11, .anchor = Anchor::middle, .colour = "#5c636e"});
  }
  for (size_t i = 0; i < chart.bars.size(); ++i) {
    const Bar& bar = chart.bars[i];
    const double y = kTop + kPitch * static_cast<double>(i), middle = y + kBarHeight / 2;
    svg.text({left - 10, middle + 4}, bar.name, {.size = 13, .anchor = Anchor::end, .colour = "#1f2329"});
    svg.rectangle({left, y}, x_of(bar.value) - left, kBarHeight, series_colour(0), 3, 0.85);
    double end = x_of(bar.value);
    if (std::isfinite(bar.low) && std::isfinite(bar.high)) {
      svg.line({x_of(bar.low), middle}, {x_of(bar.high), middle}, {.colour = "#1f2329", .width = 1.5});
      for (const double edge : {bar.low, bar.high}) {
        svg.line({x_of(edge), middle - 4}, {x_of(edge), middle + 4}, {.colour = "#1f2329", .width = 1.5});
      }
      end = std::max(end, x_of(bar.high));
    }
    svg.text({end + 8, middle + 4}, fmt::format("{:.3f}", bar.value), {.colour = "#1f2329"});
  }
  svg.line({left, kTop - 10}, {left, bottom}, {.colour = "#8b919c"});
  svg.text({left + kPlotWidth / 2, bottom + 40}, chart.value_title, {.anchor = Anchor::middle, .colour = "#5c636e"});
  return svg.finish();
}

}  // namespace dimple::plot
