#include "plot/axis.h"

#include <fmt/format.h>

#include <utility>

#include <algorithm>
#include <cmath>

namespace dimple::plot {

std::vector<double> ticks(double low, double high, int wanted, bool whole) {
  if (!(high > low)) high = low + 1;
  const double rough = (high - low) / std::max(wanted, 1);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= rough * 0.999) step = factor * power;
  }
  if (whole) step = std::max(1.0, std::round(step));
  std::vector<double> at;
  const auto first = static_cast<int64_t>(std::floor(low / step + 1e-9));
  const auto last = static_cast<int64_t>(std::ceil(high / step - 1e-9));
  for (int64_t i = first; i <= last; ++i) at.push_back(static_cast<double>(i) * step);
  return at;
}

std::string tick_text(double value, double step) {
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
  return fmt::format("{:.{}f}", value == 0 ? 0.0 : value, digits);
}

std::string short_number(double value) {
  for (const auto& [unit, size] : {std::pair(" G", 1e9), {" M", 1e6}, {" k", 1e3}})
    if (value >= 0.9995 * size) return fmt::format("{:.3g}{}", value / size, unit);
  return fmt::format("{:.4g}", value);
}

}  // namespace dimple::plot
