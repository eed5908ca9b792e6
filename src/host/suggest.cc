#include "host/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "host/error.h"

namespace dimple::host {

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> cost(a.size() + 1, std::vector<int>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = static_cast<int>(i + j);
        continue;
      }
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr size_t kMaxLength = 64;  // no slip of the fingers is longer, and the table above is quadratic
  if (word.size() > kMaxLength) return "";
  std::string best;
  int best_distance = 1 + static_cast<int>(std::max<size_t>(word.size(), 3)) / 3;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kMaxLength) continue;
    const bool begins = word.size() >= 3 && candidate.starts_with(word);
    const int distance = begins ? 0 : edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates, std::string otherwise) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? std::move(otherwise) : fmt::format("did you mean {}?", near);
}

std::string flag_of(std::string_view field) {
  std::string flag = fmt::format("--{}", field);
  for (char& c : flag) {
    if (c == '_' || c == '.') c = '-';
  }
  return flag;
}

void check_choice(std::string_view field, std::string_view value, const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  throw Error(Exit::usage, fmt::format("{}: there is no `{}`", flag_of(field), value),
              did_you_mean(value, choices, fmt::format("one of: {}", fmt::join(choices, ", "))));
}

std::vector<std::string> comma_separated(std::string_view text) {
  std::vector<std::string> words;
  for (size_t from = 0; from <= text.size();) {
    const size_t comma = std::min(text.find(',', from), text.size());
    if (comma > from) words.emplace_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return words;
}

}  // namespace dimple::host
