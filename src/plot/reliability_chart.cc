#include <fmt/format.h>

#include <algorithm>

#include "plot/axis.h"
#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {

std::string reliability_chart(const std::string& title, const std::vector<ReliabilityPoint>& points, double ece) {
  constexpr double kSide = 380, kLeft = 68, kTop = 72, kCounts = 70, kGapHeight = 22;
  const double counts_bottom = kTop + kSide + kGapHeight + kCounts;
  Svg svg(kLeft + kSide + 32, counts_bottom + 56);
  const auto x = [&](double share) { return kLeft + share * kSide; };
  const auto y = [&](double share) { return kTop + (1 - share) * kSide; };
  svg.text({kLeft, 30}, title, {.size = 17, .colour = "#1f2329", .bold = true});
  svg.text({kLeft, 52}, fmt::format("expected calibration error {:.3f}", ece), {.colour = "#5c636e"});
  for (const double tick : ticks(0, 1, 5)) {
    svg.line({x(0), y(tick)}, {x(1), y(tick)}, {.colour = "#e6e8ec"});
    svg.line({x(tick), y(0)}, {x(tick), y(1)}, {.colour = "#e6e8ec"});
    svg.text({x(0) - 8, y(tick) + 4}, tick_text(tick, 0.2), {.size = 11, .anchor = Anchor::end, .colour = "#5c636e"});
    svg.text({x(tick), counts_bottom + 18}, tick_text(tick, 0.2),
             {.size = 11, .anchor = Anchor::middle, .colour = "#5c636e"});
  }
  int64_t most = 1;
  for (const ReliabilityPoint& p : points) most = std::max(most, p.count);
  for (const ReliabilityPoint& p : points) {
    if (p.count == 0) continue;
    const double width = x(p.high) - x(p.low) - 2;
    svg.rectangle({x(p.low) + 1, y(p.accuracy)}, width, y(0) - y(p.accuracy), series_colour(0), 2, 0.8);
    const double height = kCounts * static_cast<double>(p.count) / static_cast<double>(most);
    svg.rectangle({x(p.low) + 1, counts_bottom - height}, width, height, "#9aa3af", 2);
  }
  svg.line({x(0), y(0)}, {x(1), y(1)}, {.colour = "#5c636e", .width = 1.5, .dashed = true});
  for (const ReliabilityPoint& p : points) {
    if (p.count > 0) svg.circle({x(p.confidence), y(p.accuracy)}, 4, series_colour(1));
  }
  svg.line({x(0), y(0)}, {x(1), y(0)}, {.colour = "#8b919c"});
  svg.line({x(0), counts_bottom}, {x(1), counts_bottom}, {.colour = "#8b919c"});
  svg.text({20, y(0.5)}, "how often it is right", {.anchor = Anchor::middle, .colour = "#5c636e", .turn_degrees = -90});
  svg.text({20, counts_bottom - kCounts / 2}, "pictures",
           {.anchor = Anchor::middle, .colour = "#5c636e", .turn_degrees = -90});
  svg.text({x(0) - 8, counts_bottom - kCounts + 4}, std::to_string(most),
           {.size = 11, .anchor = Anchor::end, .colour = "#5c636e"});
  svg.text({x(0.5), counts_bottom + 42}, "score of the answer", {.anchor = Anchor::middle, .colour = "#5c636e"});
  return svg.finish();
}

}  // namespace dimple::plot
