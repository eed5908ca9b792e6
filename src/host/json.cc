#include "host/json.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "host/toml.h"

namespace dimple::host {
namespace {

// Looks at a document while it is read. nlohmann's own callback would do, but behind each object that ends it walks
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
    std::set<std::string>& names = open_.back();
    if (!names.insert(name).second) return refuse("a name stands twice");
    return names.size() <= limits_.names || refuse(fmt::format("more than {} names in one object", limits_.names));
  }
  bool parse_error(std::size_t byte, const std::string&, const nlohmann::json::exception&) override {
    return refuse(fmt::format("not valid JSON (byte {})", byte));
  }

 private:
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
  std::vector<std::set<std::string>> open_;  // the names so far
  size_t values_ = 0;
};

// Behind the members that are there; the name is new. Json itself, parsing as well as by [], would look for every name
// from the front: the square of the names.
Json& add_member(Json& object, const std::string& name, Json value) {
  using Members = Json::object_t::Container;  // a vector
  return static_cast<Members&>(object.get_ref<Json::object_t&>()).emplace_back(name, std::move(value)).second;
}

// What holds a value that is still open does not grow, so that the value stays where it is.
class Builder : public Watch {
 public:
  using Watch::Watch;

  Json take() { return std::move(root_); }

  bool null() override { return Watch::null() && put(nullptr); }
  bool boolean(bool value) override { return Watch::boolean(value) && put(value); }
  bool number_integer(number_integer_t value) override { return Watch::number_integer(value) && put(value); }
  bool number_unsigned(number_unsigned_t value) override { return Watch::number_unsigned(value) && put(value); }
  bool number_float(number_float_t value, const string_t& text) override {
    return Watch::number_float(value, text) && put(value);
  }
  bool string(string_t& value) override { return Watch::string(value) && put(std::move(value)); }
  bool start_object(std::size_t size) override { return Watch::start_object(size) && enter(Json::object()); }
  bool end_object() override { return Watch::end_object() && leave(); }
  bool start_array(std::size_t size) override { return Watch::start_array(size) && enter(Json::array()); }
  bool end_array() override { return Watch::end_array() && leave(); }
  bool key(string_t& name) override {
    if (!Watch::key(name)) return false;
    name_ = std::move(name);
    return true;
  }

 private:
  Json* put(Json value) {
    if (inside_.empty()) return &(root_ = std::move(value));
    Json& parent = *inside_.back();
    if (parent.is_array()) return &parent.get_ref<Json::array_t&>().emplace_back(std::move(value));
    return &add_member(parent, name_, std::move(value));
  }
  bool enter(Json value) {
    inside_.push_back(put(std::move(value)));
    return true;
  }
  bool leave() {
    inside_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> inside_;
  std::string name_;
};

Json json_of(const toml::node& node, const std::string& what) {
  if (const auto* table = node.as_table()) {
    Json json = Json::object();
    for (const auto& [key, value] : *table) add_member(json, std::string(key.str()), json_of(value, what));
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
  const JsonLimits limits;
  Builder builder(limits);
  Json::sax_parse(text, &builder);
  if (!builder.problem().empty()) throw Error(exit, fmt::format("cannot understand {}: {}", what, builder.problem()));
  return builder.take();
}

std::string print_json(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json parse_toml(std::string_view text, const std::string& what) {
  return json_of(parse_toml_table(text, what, Exit::usage), what);
}

}  // namespace dimple::host
