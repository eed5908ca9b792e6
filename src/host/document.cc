#include "host/document.h"

#include <fmt/format.h>

#include <charconv>

namespace dimple::host {
namespace {

std::string toml_value(const Json& json) {
  // A number that happens to be whole must stay a number with a point when it is read again.
  if (json.is_number_float()) {
    std::string text = fmt::format("{}", json.get<double>());
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  return print_json(json);  // JSON's texts, whole numbers, truth values and arrays of them are TOML's too
}

}  // namespace

namespace detail {

double shortest(float value) {
  const std::string text = fmt::format("{}", value);
  double wide = value;
  std::from_chars(text.data(), text.data() + text.size(), wide);
  return wide;
}

}  // namespace detail

std::string toml_of(const Json& json) {
  std::string top, tables;
  for (const auto& [name, value] : json.items()) {
    if (value.is_object()) {
      tables += fmt::format("\n[{}]\n{}", name, toml_of(value));
    } else if (!value.is_null()) {
      top += fmt::format("{} = {}\n", name, toml_value(value));
    }
  }
  return top + tables;
}

}  // namespace dimple::host
