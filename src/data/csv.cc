#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "host/error.h"

namespace dimple::data {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

void Lines::hand_over(std::string_view line) {
  ++number_;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  take_(line, number_);
}

void Lines::feed(std::string_view chunk) {
  while (!chunk.empty()) {
    const size_t end = chunk.find('\n');
    const std::string_view part = chunk.substr(0, end);
    if (rest_.size() + part.size() > kLongest)
      throw host::Error(host::Exit::input,
                        fmt::format("cannot read {}, line {}: longer than {} bytes", source_, number_ + 1, kLongest),
                        "is this a csv file?");
    if (end == std::string_view::npos) {
      rest_.append(part);
      return;
    }
    if (rest_.empty()) {
      hand_over(part);
    } else {
      rest_.append(part);
      hand_over(rest_);
      rest_.clear();
    }
    chunk.remove_prefix(end + 1);
  }
}

void Lines::finish() {
  if (!rest_.empty()) hand_over(rest_);
  rest_.clear();
}

void split_fields(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  while (true) {
    size_t search_from = 0;
    const size_t start = line.find_first_not_of(" \t");
    const bool quoted = start != std::string_view::npos && line[start] == '"';
    if (quoted) {
      const size_t closing = line.find('"', start + 1);
      search_from = closing == std::string_view::npos ? line.size() : closing;
    }
    const size_t comma = line.find(',', search_from);
    std::string_view field = trimmed(line.substr(0, comma));
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
      field = trimmed(field.substr(1, field.size() - 2));
    fields.push_back(field);
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

int find_column(const std::vector<std::string_view>& header, std::string_view name) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  for (size_t i = 0; i < header.size(); ++i)
    if (std::ranges::equal(header[i], name, [&](char a, char b) { return lower(a) == lower(b); }))
      return static_cast<int>(i);
  return -1;
}

bool parse_number(std::string_view text, int64_t low, int64_t high, int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= low && value <= high;
}

}  // namespace dimple::data
