#include "data/datasets/name_words.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "model/labels.h"

namespace dimple::data {
namespace {

constexpr std::string_view kExpressionWords[] = {"angry", "contempt", "disgust", "fear",
                                                 "happy", "neutral",  "sad",     "surprise"};

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::vector<std::string> words_of(std::string_view path) {
  const size_t dot = path.rfind('.'), slash = path.rfind('/');
  if (dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash)) path = path.substr(0, dot);
  std::vector<std::string> words(1);
  for (const char c : path) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  for (std::string& word : words) word = lower_case(word);
  return words;
}

std::vector<std::string> expressions_in(const std::vector<std::string>& words) {
  std::vector<std::string> found;
  for (const std::string& word : words) {
    const std::string label = model::canonical_label(word);
    if (std::ranges::find(kExpressionWords, label) != std::end(kExpressionWords) &&
        std::ranges::find(found, label) == found.end())
      found.push_back(label);
  }
  return found;
}

std::string numbered_word(const std::vector<std::string>& words) {
  constexpr std::string_view kDigits = "0123456789";
  for (const std::string& word : words) {
    const size_t digit = word.find_first_of(kDigits);
    if (digit != std::string::npos && digit > 0 && word.find_first_not_of(kDigits, digit) == std::string::npos)
      return word;
  }
  return {};
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  for (size_t from = 0; from <= path.size();) {
    const size_t slash = std::min(path.find('/', from), path.size());
    if (slash > from) parts.emplace_back(path.substr(from, slash - from));
    from = slash + 1;
  }
  return parts;
}

std::optional<Split> split_of_folder(std::string_view folder) {
  const std::string name = lower_case(folder);
  if (name.starts_with("train")) return Split::train;
  if (name.starts_with("val") || name == "publictest" || name == "dev") return Split::validation;
  if (name.starts_with("test") || name == "privatetest") return Split::test;
  return {};
}

std::optional<Split> split_in(const std::vector<std::string>& parts) {
  for (size_t i = 0; i + 1 < parts.size(); ++i)
    if (const auto split = split_of_folder(parts[i])) return split;
  return {};
}

bool last_part_holds(const std::string& path, std::string_view word) {
  const std::vector<std::string> parts = parts_of(std::filesystem::absolute(path).lexically_normal().generic_string());
  return !parts.empty() && lower_case(parts.back()).find(word) != std::string::npos;
}

}  // namespace dimple::data
