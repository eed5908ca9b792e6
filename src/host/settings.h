// Where the values of fields come from, weakest first: the struct's own defaults, the TOML file, the environment, the
// flags.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace dimple::host {

struct Field;

struct Settings {
  std::string config_path;  // "" for none; keys stand at the top or in a table named as the verb
  std::string verb;
  std::function<const char*(const char*)> environment;                  // std::getenv, or a test's own; empty for none
  std::vector<std::pair<std::string, std::vector<std::string>>> flags;  // field name -> words
};

// Marks what was given. Throws a usage error for an unknown key, flag or malformed value, with "did you mean".
void apply_settings(std::vector<Field>& fields, const Settings& settings);

}  // namespace dimple::host
