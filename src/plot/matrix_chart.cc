#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "plot/charts.h"
#include "plot/svg.h"

namespace dimple::plot {
namespace {

constexpr double kCell = 68;

// White to a deep blue; `share` in [0, 1].
std::string shade(double share) {
  const auto mix = [&](int from, int to) { return static_cast<int>(from + (to - from) * share); };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(247, 8), mix(249, 74), mix(252, 134));
}

}  // namespace

std::string matrix_chart(const MatrixChart& chart) {
  const size_t n = chart.names.size();
  size_t longest = 0;
  for (const std::string& name : chart.names) longest = std::max(longest, name.size());
  const double left = 56 + 7.2 * static_cast<double>(longest), top = 92;
  const double side = kCell * static_cast<double>(n);
  Svg svg(left + side + 28, top + side + 40);
  svg.text({left, 30}, chart.title, {.size = 17, .colour = "#1f2329", .bold = true});
  svg.text({left + side / 2, 60}, "answer", {.anchor = Anchor::middle, .colour = "#5c636e"});
  svg.text({20, top + side / 2}, "label", {.anchor = Anchor::middle, .colour = "#5c636e", .turn_degrees = -90});
  for (size_t row = 0; row < n; ++row) {
    const auto first = chart.counts.begin() + static_cast<std::ptrdiff_t>(row * n);
    const auto total = static_cast<double>(std::accumulate(first, first + static_cast<std::ptrdiff_t>(n), int64_t{0}));
    const double y = top + kCell * static_cast<double>(row);
    svg.text({left - 12, y + kCell / 2 + 4}, chart.names[row],
             {.size = 13, .anchor = Anchor::end, .colour = "#1f2329"});
    for (size_t column = 0; column < n; ++column) {
      const int64_t count = chart.counts[row * n + column];
      const double share = total > 0 ? static_cast<double>(count) / total : 0;
      const double x = left + kCell * static_cast<double>(column), middle = x + kCell / 2;
      const bool dark = share > 0.45;
      svg.rectangle({x + 1, y + 1}, kCell - 2, kCell - 2, shade(share), 4);
      svg.text({middle, y + kCell / 2 + 1}, fmt::format("{:.0f} %", 100 * share),
               {.size = 15, .anchor = Anchor::middle, .colour = dark ? "#ffffff" : "#1f2329", .bold = row == column});
      svg.text({middle, y + kCell / 2 + 18}, std::to_string(count),
               {.size = 11, .anchor = Anchor::middle, .colour = dark ? "#dbe7f3" : "#6b7280"});
    }
  }
  for (size_t column = 0; column < n; ++column) {
    svg.text({left + kCell * (static_cast<double>(column) + 0.5), top - 10}, chart.names[column],
             {.size = 13, .anchor = Anchor::middle, .colour = "#1f2329"});
  }
  svg.text({left, top + side + 24}, "per cent of the row; below it the number of pictures",
           {.size = 11, .colour = "#5c636e"});
  return svg.finish();
}

}  // namespace dimple::plot
