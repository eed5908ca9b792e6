#include "host/json.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "host/toml.h"

namespace dimple::host {
namespace {

// Looks at a document before it is built. nlohmann's own callback would do, but behind each object that ends it walks
// through all that came before in the one around it: the square of what stands side by side.
class Watch : public nlohmann::json_sax<Json> {
 public:
  explicit Watch(const JsonLimits& limits) : limits_(limits) {}

  const std::string& problem() const { return problem_; }

  bool null() override { return count(); }
  bool boolean(bool) override { return count(); }
  bool number_integer(number_integer_t) override { return count(); }
  bool number_unsigned(number_unsigned_t) override { return count(); }
  bool number_float(number_float_t, const string_t&) override { return count(); }
  bool string(string_t&) override { return count(); }
  bool binary(binary_t&) override { return count(); }
  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Object& object = open_.back();
    if (++object.names > limits_.names) return refuse(fmt::format("more than {} names in one object", limits_.names));
    if (!limits_.names_repeat && !object.seen.insert(name).second) return refuse("a name stands twice");
    return true;
  }
  bool parse_error(std::size_t byte, const std::string&, const nlohmann::json::exception&) override {
    return refuse(fmt::format("not valid JSON (byte {})", byte));
  }

 private:
  struct Object {
    size_t names = 0;
    std::set<std::string> seen = {};
  };

  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }
  bool count() { return ++values_ <= limits_.values || refuse(fmt::format("more than {} values", limits_.values)); }
  bool open() {
    open_.emplace_back();
    return open_.size() <= limits_.deepest ? count() : refuse(fmt::format("nested deeper than {}", limits_.deepest));
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits& limits_;
  std::string problem_;
  std::vector<Object> open_;
  size_t values_ = 0;
};

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

std::string json_problem(std::string_view text, const JsonLimits& limits) {
  Watch watch(limits);
  Json::sax_parse(text, &watch);
  return watch.problem();
}

Json parse_json(std::string_view text, const std::string& what, Exit exit) {
  if (const std::string problem = json_problem(text, {}); !problem.empty())
    throw Error(exit, fmt::format("cannot understand {}: {}", what, problem));
  return Json::parse(text);
}

std::string print_json(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json parse_toml(std::string_view text, const std::string& what) {
  return json_of(parse_toml_table(text, what, Exit::usage), what);
}

}  // namespace dimple::host
