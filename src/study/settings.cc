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

// Without what a result does not depend on.
Json what_counts(Json settings) {
  for (const char* name :
       {"threads", "loader_threads", "device", "checkpoint_minutes", "max_minutes", "rank_timeout_s"})
    settings.erase(name);
  return without_places(std::move(settings));
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
  request.test = true;
  return request;
}

Json settings_of(const train::TrainRequest& request) {
  Json settings = flat(host::to_json(request));
  for (const char* own : {"study", "out", "folds", "seeds", "only", "table", "name", "runs", "resume", "test"})
    settings.erase(own);
  return settings;
}

bool same_settings(const Json& a, const Json& b) {
  return what_counts(settings_of(request_of(a))) == what_counts(settings_of(request_of(b)));
}

Json without_places(Json settings) {
  for (const char* name : {"data", "votes", "test_data"}) settings.erase(name);
  return settings;
}

}  // namespace dimple::study
