#include "data/duplicates.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace dimple::data {
namespace {

std::string_view bytes_of(const Dataset& set, size_t row) {
  const auto picture = set.picture(row);
  return {reinterpret_cast<const char*>(picture.data()), picture.size()};
}

}  // namespace

std::vector<int32_t> find_duplicates(const Dataset& set) {
  std::unordered_map<std::string_view, int32_t> first;
  first.reserve(set.size());
  std::vector<int32_t> duplicate_of(set.size());
  for (size_t i = 0; i < set.size(); ++i)
    duplicate_of[i] = first.emplace(bytes_of(set, i), static_cast<int32_t>(i)).first->second;
  return duplicate_of;
}

std::vector<bool> copies_of_training(const Dataset& set) { return copies_of_training(set, set.duplicate_of); }

std::vector<bool> copies_of_training(const Dataset& set, const std::vector<int32_t>& duplicate_of) {
  std::vector<bool> in_training(set.size()), copy(set.size());
  for (size_t i = 0; i < set.size(); ++i)
    if (set.split[i] == Split::train) in_training[static_cast<size_t>(duplicate_of[i])] = true;
  for (size_t i = 0; i < set.size(); ++i)
    copy[i] = set.split[i] != Split::train && in_training[static_cast<size_t>(duplicate_of[i])];
  return copy;
}

std::vector<bool> copies_of_training(const Dataset& learned, const Dataset& apart) {
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < learned.size(); ++i)
    if (learned.split[i] == Split::train) seen.insert(bytes_of(learned, i));
  std::vector<bool> copy(apart.size());
  for (size_t i = 0; i < apart.size(); ++i) copy[i] = seen.contains(bytes_of(apart, i));
  return copy;
}

DuplicateReport report_duplicates(const Dataset& set) { return report_duplicates(set, set.duplicate_of); }

DuplicateReport report_duplicates(const Dataset& set, const std::vector<int32_t>& duplicate_of) {
  struct Kind {
    int64_t members = 0;
    unsigned splits = 0;
    bool conflict = false;
  };
  std::vector<Kind> groups(set.size());
  for (size_t i = 0; i < set.size(); ++i) {
    const auto first = static_cast<size_t>(duplicate_of[i]);
    Kind& group = groups[first];
    ++group.members;
    group.splits |= 1u << static_cast<unsigned>(set.split[i]);
    group.conflict |= set.label[i] != set.label[first];
  }
  DuplicateReport report;
  for (const Kind& group : groups) {
    if (group.members < 2) continue;
    ++report.groups;
    report.pictures += group.members;
    report.spanning_groups += (group.splits & (group.splits - 1)) != 0;
    report.conflicting_groups += group.conflict;
  }
  const auto copies = copies_of_training(set, duplicate_of);
  for (size_t i = 0; i < set.size(); ++i) {
    report.validation_copies += copies[i] && set.split[i] == Split::validation;
    report.test_copies += copies[i] && set.split[i] == Split::test;
  }
  return report;
}

}  // namespace dimple::data
