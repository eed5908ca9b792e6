#include "model/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "host/error.h"

namespace dimple::model {
namespace {

struct Spelling {
  std::string_view other, ours;
};
constexpr Spelling kSpellings[] = {
    {"anger", "angry"},  {"contemptuous", "contempt"}, {"disgusted", "disgust"},
    {"fearful", "fear"}, {"afraid", "fear"},           {"happiness", "happy"},
    {"joy", "happy"},    {"sadness", "sad"},           {"surprised", "surprise"},
};

}  // namespace

std::string canonical_label(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Spelling& spelling : kSpellings)
    if (spelling.other == lower) return std::string(spelling.ours);
  return lower;
}

int find_label(std::span<const std::string> labels, std::string_view name) {
  const std::string wanted = canonical_label(name);
  for (size_t i = 0; i < labels.size(); ++i)
    if (canonical_label(labels[i]) == wanted) return static_cast<int>(i);
  return -1;
}

std::vector<int> map_labels(std::span<const std::string> from, std::span<const std::string> to) {
  std::vector<int> map;
  for (const std::string& label : from) map.push_back(find_label(to, label));
  return map;
}

void check_labels(std::span<const std::string> labels, const std::string& source) {
  const auto refuse = [&](const std::string& why) {
    throw host::Error(host::Exit::model, fmt::format("cannot use {}: {}", source, why));
  };
  if (labels.empty()) refuse("it names no labels");
  if (labels.size() > kMostLabels) refuse(fmt::format("it names more than {} labels", kMostLabels));
  std::set<std::string> known;
  for (size_t i = 0; i < labels.size(); ++i) {
    const std::string& label = labels[i];
    if (label.empty() || label.size() > kLongestLabel)
      refuse(fmt::format("label {} is blank or longer than {} bytes", i, kLongestLabel));
    if (std::ranges::any_of(label, [](unsigned char c) { return c < 32 || c == 127; }))
      refuse(fmt::format("label {} holds control characters", i));
    if (!known.insert(canonical_label(label)).second) refuse(fmt::format("label {} stands twice", label));
  }
}

}  // namespace dimple::model
