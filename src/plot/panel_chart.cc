#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plot/axis.h"
#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {
namespace {

constexpr double kPanelBar = 14, kPanelRow = 22, kPanelTop = 92, kPanelWidth = 330, kPanelGutter = 84;

// The axis of one panel: round numbers that cover its bars and whiskers, and 0.
std::vector<double> axis_of(const BarPanel& panel) {
  double low = 0, high = 0;
  for (const PanelBar& bar : panel.bars)
    for (const double v : {bar.value, bar.low, bar.high})
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  return ticks(low, high, 5);
}

void draw_whisker(Svg& svg, double from, double to, double middle) {
  svg.line({from, middle}, {to, middle}, {.colour = "#1f2329", .width = 1.2});
  for (const double edge : {from, to})
    svg.line({edge, middle - 3}, {edge, middle + 3}, {.colour = "#1f2329", .width = 1.2});
}

void draw_panel(Svg& svg, const BarPanel& panel, double left, double bottom) {
  const std::vector<double> at = axis_of(panel);
  const auto x_of = [&](double v) { return left + (v - at.front()) / (at.back() - at.front()) * kPanelWidth; };
  svg.text({left, kPanelTop - 22}, panel.title, {.size = 12, .colour = "#5c636e"});
  for (const double tick : at) {
    svg.line({x_of(tick), kPanelTop - 10}, {x_of(tick), bottom}, {.colour = "#e6e8ec"});
    svg.text({x_of(tick), bottom + 16}, tick_text(tick, at[1] - at[0]),
             {.size = 11, .anchor = Anchor::middle, .colour = "#5c636e"});
  }
  for (size_t i = 0; i < panel.bars.size(); ++i) {
    const PanelBar& bar = panel.bars[i];
    const double y = kPanelTop + kPanelRow * static_cast<double>(i), middle = y + kPanelBar / 2;
    const double from = std::min(x_of(0), x_of(bar.value)), to = std::max(x_of(0), x_of(bar.value));
    svg.rectangle({from, y}, to - from, kPanelBar, series_colour(bar.loud ? 1 : 0), 2, 0.85);
    double end = to;
    if (std::isfinite(bar.low) && std::isfinite(bar.high)) {
      draw_whisker(svg, x_of(bar.low), x_of(bar.high), middle);
      end = std::max(end, x_of(bar.high));
    }
    svg.text({end + 7, middle + 4}, fmt::format("{:.{}f}", bar.value, panel.digits),
             {.size = 11, .colour = "#1f2329", .bold = bar.loud});
  }
  svg.line({x_of(0), kPanelTop - 10}, {x_of(0), bottom}, {.colour = "#8b919c"});
}

}  // namespace

std::string bar_panels(const BarPanels& chart) {
  size_t longest = 0;
  for (const std::string& name : chart.names) longest = std::max(longest, name.size());
  const double left = 36 + 6.6 * static_cast<double>(longest);
  const double bottom = kPanelTop + kPanelRow * static_cast<double>(chart.names.size());
  Svg svg(left + (kPanelWidth + kPanelGutter) * static_cast<double>(chart.panels.size()), bottom + 36);
  svg.text({left, 28}, chart.title, {.size = 17, .colour = "#1f2329", .bold = true});
  svg.text({left, 48}, chart.note, {.size = 12, .colour = "#5c636e"});
  for (size_t i = 0; i < chart.names.size(); ++i)
    svg.text({left - 10, kPanelTop + kPanelRow * static_cast<double>(i) + kPanelBar / 2 + 4}, chart.names[i],
             {.size = 12, .anchor = Anchor::end, .colour = "#1f2329"});
  for (size_t p = 0; p < chart.panels.size(); ++p)
    draw_panel(svg, chart.panels[p], left + (kPanelWidth + kPanelGutter) * static_cast<double>(p), bottom);
  return svg.finish();
}

}  // namespace dimple::plot
