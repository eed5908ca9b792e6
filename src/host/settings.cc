#include "host/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "host/fields.h"
#include "host/files.h"
#include "host/suggest.h"
#include "host/toml.h"

namespace dimple::host {
namespace {

// The folder of data that this project's tests look into: it is no dataset, and no verb's `data` may be it by accident.
constexpr const char* kTestData = "DIMPLE_DATA";

// A TOML value as the words that would have been typed.
std::vector<std::string> words_of(const toml::node& node, const std::string& where) {
  if (const auto* array = node.as_array()) {
    std::vector<std::string> words;
    for (const toml::node& item : *array) {
      for (std::string& word : words_of(item, where)) words.push_back(std::move(word));
    }
    return words;
  }
  if (const auto* text = node.as_string()) return {text->get()};
  if (const auto* whole = node.as_integer()) return {std::to_string(whole->get())};
  if (const auto* number = node.as_floating_point()) return {fmt::format("{}", number->get())};
  if (const auto* truth = node.as_boolean()) return {truth->get() ? "true" : "false"};
  throw Error(Exit::usage, fmt::format("{}: a text, a number, true or false is wanted", where));
}

void give(Field& field, const std::vector<std::string>& words, const std::string& where) {
  field.set(words, where);
  field.given = true;
}

using Index = std::map<std::string, Field*>;

std::vector<std::string> names_in(const Index& index) {
  std::vector<std::string> names;
  for (const auto& [name, field] : index) names.push_back(name);
  return names;
}

void apply_table(const toml::table& table, const std::string& prefix, const Settings& settings, const Index& index) {
  for (const auto& [raw_key, node] : table) {
    const std::string name = prefix + std::string(raw_key.str());
    const auto found = index.find(name);
    if (found != index.end()) {
      const std::string where = fmt::format("{}: {}", settings.config_path, name);
      give(*found->second, words_of(node, where), where);
      continue;
    }
    const bool group =
        std::any_of(index.begin(), index.end(), [&](auto& e) { return e.first.starts_with(name + "."); });
    if (node.is_table() && (group || (prefix.empty() && name == settings.verb))) {
      apply_table(*node.as_table(), group ? name + "." : "", settings, index);
      continue;
    }
    throw Error(Exit::usage, fmt::format("{}: there is no setting `{}`", settings.config_path, name),
                did_you_mean(name, names_in(index), fmt::format("dimple {} --help lists them", settings.verb)));
  }
}

void apply_config(const Settings& settings, const Index& index) {
  const std::string text = read_text(settings.config_path, {.limit_bytes = 1 << 20, .exit = Exit::usage});
  apply_table(parse_toml_table(text, settings.config_path, Exit::usage), "", settings, index);
}

}  // namespace

void apply_settings(std::vector<Field>& fields, const Settings& settings) {
  Index index;
  for (Field& field : fields) index[field.name] = &field;
  if (!settings.config_path.empty()) apply_config(settings, index);
  if (settings.environment) {
    for (Field& field : fields) {
      const std::string name = field.environment();
      if (name == kTestData) continue;
      const char* value = settings.environment(name.c_str());
      if (value != nullptr && *value != '\0') give(field, {value}, name);
    }
  }
  for (const auto& [name, words] : settings.flags) {
    const auto found = index.find(name);
    if (found == index.end()) {
      throw Error(Exit::usage, fmt::format("there is no flag {}", flag_of(name)),
                  did_you_mean(name, names_in(index), fmt::format("dimple {} --help lists them", settings.verb)));
    }
    give(*found->second, words, found->second->flag());
  }
}

}  // namespace dimple::host
