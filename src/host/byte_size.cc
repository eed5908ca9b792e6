#include "host/byte_size.h"

#include <fmt/format.h>

#include <charconv>

#include "host/error.h"

namespace dimple::host {
namespace {

// 0 for what is no unit.
double bytes_of_unit(std::string_view unit) {
  if (unit.ends_with("iB")) unit.remove_suffix(2);
  if (unit.ends_with('B') && unit.size() > 1) unit.remove_suffix(1);
  if (unit.empty() || unit == "B") return 1;
  if (unit == "K" || unit == "k") return 1024;
  if (unit == "M") return 1024.0 * 1024;
  return unit == "G" ? 1024.0 * 1024 * 1024 : 0;
}

}  // namespace

int64_t parse_byte_size(std::string_view text, const std::string& where) {
  double count = 0;
  const char* const end = text.data() + text.size();
  const auto [next, problem] = std::from_chars(text.data(), end, count, std::chars_format::fixed);
  const double unit = problem == std::errc() ? bytes_of_unit({next, end}) : 0;
  const double bytes = count * unit;
  if (!(bytes >= 1 && bytes <= 1e15))
    throw Error(Exit::usage, fmt::format("{}: `{}` is no number of bytes", where, text),
                "for example 64K, 1M or 65536");
  return static_cast<int64_t>(bytes);
}

}  // namespace dimple::host
