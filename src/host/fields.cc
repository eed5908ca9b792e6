#include "host/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "host/suggest.h"

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

}  // namespace

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

std::string Field::negated_flag() const { return "--no-" + flag().substr(2); }

std::string Field::environment() const {
  std::string text = "DIMPLE_";
  for (const char c : name) text += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace dimple::host
