#include "study/study.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/protocol.h"
#include "host/error.h"
#include "host/fields.h"
#include "host/suggest.h"
#include "study/table.h"
#include "zoo/architectures.h"

namespace dimple::study {
namespace {

using host::Error;
using host::Exit;
using host::Json;

std::vector<std::string> words_of(const Json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  if (!value.is_array()) return {value.dump()};
  std::vector<std::string> words;
  for (const Json& one : value)
    for (std::string& word : words_of(one)) words.push_back(std::move(word));
  return words;
}

void flatten(const Json& table, const std::string& prefix, Json& out) {
  for (const auto& [name, value] : table.items())
    if (value.is_object())
      flatten(value, prefix + name + ".", out);
    else
      out[prefix + name] = value;
}

Json identity_of(const train::TrainRequest& request) {
  Json identity = host::to_json(request.data);
  identity.update(host::to_json(request.recipe));
  return flat(identity);
}

std::string label_of(const Json& value) {
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  for (char& c : text)
    if (c == '/' || c == ',' || c == '=' || c == ' ' || c == '\\') c = '-';  // it becomes part of a file's name
  return text;
}

Json every(const std::string& name, const std::string& protocol, const std::string& what) {
  Json values = Json::array();
  if (name == "arch") return zoo::architecture_names();
  if (name != "fold")
    throw Error(Exit::usage, fmt::format("{}: `all` is known for fold and arch, not for {}", what, name));
  std::vector<std::string> known;
  for (const data::Protocol& p : data::protocols()) {
    known.emplace_back(p.name);
    if (protocol != p.name) continue;
    if (p.folds == 1)
      throw Error(Exit::usage, fmt::format("{}: protocol {} has no folds of its own", what, protocol),
                  "ckplus and own have some; those of smile are its data's: --folds 0,1,2");
    for (int32_t fold = 0; fold < p.folds; ++fold) values.push_back(fold);
    return values;
  }
  throw Error(Exit::usage,
              protocol.empty() ? what + ": all folds of what? No protocol is named"
                               : fmt::format("{}: there is no protocol {}", what, protocol),
              host::did_you_mean(protocol, known, "--protocol ckplus, say"));
}

Axis parse_axis(const std::string& name, Json values, const std::string& protocol, const std::string& what) {
  if (values.is_string() && values == "all") values = every(name, protocol, what);
  if (!values.is_array() || values.empty())
    throw Error(Exit::usage, fmt::format("{}: axis {} is no list of values", what, name));
  Axis axis{name, {}};
  for (const Json& value : values) {
    if (!value.is_object()) {
      axis.variations.push_back({label_of(value), {{name, value}}});
      continue;
    }
    Variation v{
        label_of(host::json_value<std::string>(value, "name", fmt::format("{}: axis {}", what, name), Exit::usage)),
        flat(value)};
    v.settings.erase("name");
    axis.variations.push_back(std::move(v));
  }
  for (size_t i = 0; i < axis.variations.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      if (axis.variations[i].label == axis.variations[k].label)
        throw Error(Exit::usage, fmt::format("{}: axis {} has {} twice", what, name, axis.variations[i].label));
  return axis;
}

}  // namespace

Json flat(const Json& table) {
  Json out = Json::object();
  flatten(table, "", out);
  return out;
}

Json those_given(const Json& all, const std::vector<std::string>& given) {
  Json asked = Json::object();
  for (const std::string& name : given)
    if (all.contains(name)) asked[name] = all[name];
  return asked;
}

void set_fields(std::vector<host::Field>& fields, const std::string& verb, const Json& settings) {
  host::Settings given;
  given.verb = verb;
  for (const auto& [name, value] : settings.items()) given.flags.emplace_back(name, words_of(value));
  host::apply_settings(fields, given);
}

train::TrainRequest request_of(const Json& settings) {
  train::TrainRequest request;
  auto fields = host::fields_of(request);
  set_fields(fields, "train", settings);
  request.session.test = true;
  return request;
}

Json settings_of(const train::TrainRequest& request) { return flat(host::to_json(request)); }

bool same_result(const train::TrainRequest& a, const train::TrainRequest& b) {
  return identity_of(a) == identity_of(b);
}

Kind trainings() {
  return {[](const Json& settings) { return identity_of(request_of(settings)); }, print_table, {}};
}

Json result_settings(const Kind& kind, const Json& settings) {
  const Json identity = kind.identity(Json::object());
  Json kept = Json::object();
  for (const auto& [name, value] : settings.items())
    if (identity.contains(name)) kept[name] = value;
  return kept;
}

Study parse_study(const Json& document, const std::string& what) {
  const std::vector<std::string> known{"title", "note", "columns", "base", "axes"};
  for (const auto& [name, value] : document.items())
    if (std::ranges::find(known, name) == known.end())
      throw Error(Exit::usage, fmt::format("{}: a study has no `{}`", what, name),
                  host::did_you_mean(name, known, "settings of its runs stand under [base]"));
  const auto part = [&]<class T>(const char* name, T otherwise) {
    return document.contains(name) ? host::json_value<T>(document, name, what, Exit::usage) : otherwise;
  };
  Study study;
  study.title = part("title", std::string("Study")), study.note = part("note", std::string());
  study.columns = part("columns", std::vector<std::string>{"accuracy", "balanced_accuracy", "f1_macro"});
  study.base = flat(part("base", Json::object()));
  const Json axes = part("axes", Json::object());
  const std::string protocol =
      study.base.contains("protocol") ? host::json_value<std::string>(study.base, "protocol", what, Exit::usage) : "";
  for (const auto& [name, values] : axes.items()) study.axes.push_back(parse_axis(name, values, protocol, what));
  return study;
}

Axis make_axis(const std::string& name, const std::string& values, const std::string& protocol) {
  const std::string where = host::flag_of(name + "s");
  if (values == "all") return parse_axis(name, "all", protocol, where);
  Json list = Json::array();
  for (size_t at = 0; at <= values.size();) {
    const size_t end = std::min(values.find(',', at), values.size());
    uint64_t number = 0;
    host::detail::parse_into(number, {values.substr(at, end - at)}, where);
    list.push_back(number);
    at = end + 1;
  }
  return parse_axis(name, list, protocol, where);
}

// The last axis turns fastest, as digits do.
std::vector<Member> members_of(const Study& study) {
  std::vector<Member> members{{"", {}, study.base}};
  for (const Axis& axis : study.axes) {
    std::vector<Member> more;
    for (const Member& member : members)
      for (const Variation& v : axis.variations) {
        Member m = member;
        m.name += fmt::format("{}{}={}", m.name.empty() ? "" : ",", axis.name, v.label);
        m.place.emplace_back(axis.name, v.label);
        m.settings.update(v.settings);
        more.push_back(std::move(m));
      }
    members = std::move(more);
  }
  if (study.axes.empty()) members[0].name = "alone";
  return members;
}

}  // namespace dimple::study
