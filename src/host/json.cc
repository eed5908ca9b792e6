#include "host/json.h"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace dimple::host {
namespace {

constexpr int kDeepest = 64;  // the parser recurses when it destroys what it read

Json json_of(const toml::node& node, const std::string& what) {
  if (const auto* table = node.as_table()) {
    Json json = Json::object();
    for (const auto& [key, value] : *table) json[std::string(key.str())] = json_of(value, what);
    return json;
  }
  if (const auto* array = node.as_array()) {
    Json json = Json::array();
    for (const toml::node& item : *array) json.push_back(json_of(item, what));
    return json;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return whole->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* truth = node.as_boolean()) return truth->get();
  throw Error(Exit::usage, fmt::format("{}, line {}: a date has no meaning here", what, node.source().begin.line));
}

}  // namespace

Json parse_json(std::string_view text, const std::string& what, Exit exit) {
  bool too_deep = false;
  const auto watch_depth = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  try {
    Json json = Json::parse(text, watch_depth);
    if (too_deep) throw Error(exit, fmt::format("cannot understand {}: nested deeper than {}", what, kDeepest));
    return json;
  } catch (const nlohmann::json::parse_error& problem) {
    throw Error(exit, fmt::format("cannot understand {}: not valid JSON (byte {})", what, problem.byte));
  } catch (const nlohmann::json::exception&) {
    throw Error(exit, fmt::format("cannot understand {}: not valid JSON", what));
  }
}

std::string print_json(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json parse_toml(std::string_view text, const std::string& what) {
  try {
    return json_of(toml::parse(text), what);
  } catch (const toml::parse_error& problem) {
    throw Error(Exit::usage, fmt::format("cannot understand {}: line {}: {}", what, problem.source().begin.line,
                                         problem.description()));
  }
}

}  // namespace dimple::host
