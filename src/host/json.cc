#include "host/json.h"

#include <fmt/format.h>

namespace dimple::host {
namespace {

constexpr int kDeepest = 64;  // the parser recurses when it destroys what it read

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

}  // namespace dimple::host
