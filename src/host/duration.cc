#include "host/duration.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>

#include "host/error.h"

namespace dimple::host {
namespace {

double seconds_of(char unit) {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    default: return 0;
  }
}

}  // namespace

// Every number needs its unit: people mean minutes by `30` as often as seconds.
double parse_duration(std::string_view text, const std::string& where) {
  const auto refuse = [&] {
    throw Error(Exit::usage, fmt::format("{}: `{}` is no span of time", where, text),
                "for example 90s, 30m, 2h or 1h30m");
  };
  double sum = 0, last_unit = 1e9;
  const char *at = text.data(), *end = at + text.size();
  while (at < end) {
    double count = 0;
    const auto [next, problem] = std::from_chars(at, end, count, std::chars_format::fixed);
    if (problem != std::errc() || next == end || !(count >= 0) || !std::isfinite(count)) refuse();
    const double unit = seconds_of(*next);
    if (unit == 0 || unit >= last_unit) refuse();
    sum += count * unit, last_unit = unit, at = next + 1;
  }
  if (!(sum > 0) || sum > 1e9) refuse();
  return sum;
}

std::string print_duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::max(0.0, seconds)));
  std::string text;
  if (whole >= 3600) text += fmt::format("{}h", whole / 3600);
  if (whole / 60 % 60 > 0) text += fmt::format("{}m", whole / 60 % 60);
  if (whole % 60 > 0 || text.empty()) text += fmt::format("{}s", whole % 60);
  return text;
}

}  // namespace dimple::host
