#include "host/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "host/files.h"
#include "host/suggest.h"

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace dimple::host {
namespace {

const std::string& only_word(const std::vector<std::string>& words, const std::string& where) {
  if (words.size() != 1)
    throw Error(Exit::usage, fmt::format("{}: one value is wanted, {} were given", where, words.size()));
  return words[0];
}

template <class T>
void parse_number(T& out, const std::vector<std::string>& words, const std::string& where, const char* wanted) {
  const std::string& word = only_word(words, where);
  T value{};
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (problem == std::errc::result_out_of_range) {
    throw Error(Exit::usage, fmt::format("{}: {} is out of range", where, word));
  }
  if (problem != std::errc() || end != word.data() + word.size()) {
    throw Error(Exit::usage, fmt::format("{}: `{}` is not {}", where, word, wanted));
  }
  if constexpr (std::floating_point<T>) {
    if (!std::isfinite(value)) throw Error(Exit::usage, fmt::format("{}: `{}` is not {}", where, word, wanted));
  }
  out = value;
}

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
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& problem) {
    throw Error(Exit::usage, fmt::format("cannot understand {}: line {}: {}", settings.config_path,
                                         problem.source().begin.line, problem.description()));
  }
  apply_table(table, "", settings, index);
}

std::string toml_value(const Json& json) {
  // A number that happens to be whole must stay a number with a point when it is read again.
  if (json.is_number_float()) {
    std::string text = fmt::format("{}", json.get<double>());
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  return json.dump(
      -1, ' ', false,
      Json::error_handler_t::replace);  // JSON's texts, whole numbers, truth values and arrays of them are TOML's too
}

}  // namespace

// The folder of data that this project's tests look into: it is no dataset, and no verb's `data` may be it by accident.
static constexpr const char* kTestData = "DIMPLE_DATA";

namespace detail {

void parse_into(bool& out, const std::vector<std::string>& words, const std::string& where) {
  std::string word = only_word(words, where);
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
  if (word == "true" || word == "1" || word == "yes" || word == "on") {
    out = true;
  } else if (word == "false" || word == "0" || word == "no" || word == "off" || word.empty()) {
    out = false;
  } else {
    throw Error(Exit::usage, fmt::format("{}: `{}` is neither true nor false", where, words[0]));
  }
}

void parse_into(int& out, const std::vector<std::string>& words, const std::string& where) {
  parse_number(out, words, where, "a whole number");
}
void parse_into(int64_t& out, const std::vector<std::string>& words, const std::string& where) {
  parse_number(out, words, where, "a whole number");
}
void parse_into(uint64_t& out, const std::vector<std::string>& words, const std::string& where) {
  parse_number(out, words, where, "a whole number of zero or more");
}
void parse_into(float& out, const std::vector<std::string>& words, const std::string& where) {
  parse_number(out, words, where, "a number");
}
void parse_into(double& out, const std::vector<std::string>& words, const std::string& where) {
  parse_number(out, words, where, "a number");
}
void parse_into(std::string& out, const std::vector<std::string>& words, const std::string& where) {
  out = only_word(words, where);
}
void parse_into(std::vector<std::string>& out, const std::vector<std::string>& words, const std::string&) {
  out = words;
}

double shortest(float value) {
  const std::string text = fmt::format("{}", value);
  double wide = value;
  std::from_chars(text.data(), text.data() + text.size(), wide);
  return wide;
}

std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(int64_t value) { return std::to_string(value); }
std::string text_of(uint64_t value) { return std::to_string(value); }
std::string text_of(float value) { return fmt::format("{}", value); }
std::string text_of(double value) { return fmt::format("{}", value); }
std::string text_of(const std::string& value) { return value; }
std::string text_of(const std::vector<std::string>& value) {
  std::string text;
  for (const std::string& word : value) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace detail

std::string Field::flag() const { return flag_of(name); }

std::string Field::environment() const {
  std::string text = "DIMPLE_";
  for (const char c : name) text += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

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
