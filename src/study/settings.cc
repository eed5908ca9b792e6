#include "study/settings.h"

#include <utility>

#include "host/fields.h"

namespace dimple::study {
namespace {

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

}  // namespace

Json flat(const Json& table) {
  Json out = Json::object();
  flatten(table, "", out);
  return out;
}

train::TrainRequest request_of(const Json& settings) {
  train::TrainRequest request;
  auto fields = host::fields_of(request);
  host::Settings given;
  given.verb = "train";
  for (const auto& [name, value] : settings.items()) given.flags.emplace_back(name, words_of(value));
  host::apply_settings(fields, given);
  request.session.test = true;
  return request;
}

Json settings_of(const train::TrainRequest& request) { return flat(host::to_json(request)); }

bool same_result(const train::TrainRequest& a, const train::TrainRequest& b) {
  return identity_of(a) == identity_of(b);
}

Json result_settings(const Json& settings) {
  const Json identity = identity_of({});
  Json kept = Json::object();
  for (const auto& [name, value] : settings.items())
    if (identity.contains(name)) kept[name] = value;
  return kept;
}

}  // namespace dimple::study
