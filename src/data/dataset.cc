#include "data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/duplicates.h"
#include "host/error.h"
#include "host/sha256.h"

namespace dimple::data {
namespace {

template <class T>
void take_rows(std::vector<T>& to, const std::vector<T>& from, std::span<const int32_t> rows, size_t per_row) {
  if (from.empty()) return;
  to.reserve(rows.size() * per_row);
  for (const int32_t row : rows) {
    const auto first = from.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(row) * per_row);
    to.insert(to.end(), first, first + static_cast<ptrdiff_t>(per_row));
  }
}

}  // namespace

const Group* find_group(const Dataset& set, const std::string& name) {
  for (const Group& group : set.groups)
    if (group.name == name) return &group;
  return nullptr;
}

const std::string& origin_of(const Dataset& set, size_t row) {
  const Group* origin = find_group(set, kOrigin);
  return origin ? origin->value[row] : set.name;
}

bool lacks_consent(const Dataset& set, size_t row) {
  return !set.doubt.empty() && (set.doubt[row] & kDoubtConsent) != 0;
}

bool for_tests_only(const Dataset& set, size_t row) {
  return lacks_consent(set, row) ||
         (!set.test_only.empty() && std::ranges::count(set.test_only, origin_of(set, row)) > 0);
}

std::vector<int32_t> rows_of(const Dataset& set, Split split) {
  std::vector<int32_t> rows;
  for (size_t i = 0; i < set.size(); ++i)
    if (set.split[i] == split) rows.push_back(static_cast<int32_t>(i));
  return rows;
}

Dataset select_rows(const Dataset& set, std::span<const int32_t> rows) {
  Dataset out;
  out.name = set.name;
  out.width = set.width;
  out.height = set.height;
  out.channels = set.channels;
  out.framing = set.framing;
  out.labels = set.labels;
  out.vote_names = set.vote_names;
  out.sha256 = set.sha256;
  out.quarantine = set.quarantine, out.left_out = set.left_out;
  out.test_only = set.test_only, out.split_from = set.split_from;
  take_rows(out.pixels, set.pixels, rows, set.picture_bytes());
  take_rows(out.label, set.label, rows, 1);
  take_rows(out.target, set.target, rows, set.labels.size());
  take_rows(out.split, set.split, rows, 1);
  take_rows(out.subject, set.subject, rows, 1);
  take_rows(out.doubt, set.doubt, rows, 1);
  take_rows(out.votes, set.votes, rows, set.vote_names.size());
  take_rows(out.source_row, set.source_row, rows, 1);
  take_rows(out.file, set.file, rows, 1);
  for (const Group& group : set.groups)
    take_rows(out.groups.emplace_back(Group{group.name, {}}).value, group.value, rows, 1);
  out.duplicate_of = find_duplicates(out);
  return out;
}

void check(const Dataset& set, const std::string& source) {
  const auto refuse = [&](const std::string& why) {
    throw host::Error(host::Exit::input, fmt::format("cannot use {}: {}", source, why));
  };
  constexpr int32_t kMaxExtent = 4096;
  if (set.width < 1 || set.height < 1 || set.width > kMaxExtent || set.height > kMaxExtent ||
      (set.channels != 1 && set.channels != 3))
    refuse(fmt::format("pictures of {}x{}x{}", set.width, set.height, set.channels));
  const size_t n = set.size();
  if (n == 0) refuse("it holds no pictures");
  if (set.labels.empty()) refuse("it names no classes");
  const auto rows = [&](size_t count, size_t per_row, bool optional, const char* what) {
    if (count != n * per_row && !(optional && count == 0))
      refuse(fmt::format("{} labels but {} of {}", n, per_row ? count / per_row : count, what));
  };
  rows(set.pixels.size(), set.picture_bytes(), false, "pictures");
  rows(set.split.size(), 1, false, "splits");
  rows(set.duplicate_of.size(), 1, false, "duplicates");
  rows(set.target.size(), set.labels.size(), true, "targets");
  rows(set.subject.size(), 1, true, "subjects");
  rows(set.doubt.size(), 1, true, "doubts");
  rows(set.votes.size(), set.vote_names.size(), true, "votes");
  rows(set.source_row.size(), 1, true, "source rows");
  rows(set.file.size(), 1, true, "file names");
  for (const Group& group : set.groups) rows(group.value.size(), 1, false, group.name.c_str());
  for (size_t i = 0; i < n; ++i) {
    if (set.label[i] < 0 || static_cast<size_t>(set.label[i]) >= set.labels.size())
      refuse(fmt::format("picture {} has label {}, but there are {} classes", i, set.label[i], set.labels.size()));
    if (set.duplicate_of[i] < 0 || static_cast<size_t>(set.duplicate_of[i]) > i)
      refuse(fmt::format("picture {} is no duplicate of {}", i, set.duplicate_of[i]));
    if (static_cast<uint8_t>(set.split[i]) > 2) refuse(fmt::format("picture {} is in no known split", i));
    if (set.target.empty()) continue;
    float sum = 0;
    for (const float p : set.target_of(i)) {
      if (!(p >= 0)) refuse(fmt::format("the target of picture {} is no distribution", i));
      sum += p;
    }
    if (!(std::fabs(sum - 1) < 1e-3f)) refuse(fmt::format("the target of picture {} sums to {}", i, sum));
  }
}

namespace {

template <class T>
std::span<const uint8_t> bytes_of_all(std::span<const T> values) {
  return {reinterpret_cast<const uint8_t*>(values.data()), values.size_bytes()};
}

}  // namespace

std::string content_sha256(const Dataset& set) {
  const int32_t size[] = {set.width, set.height, set.channels, static_cast<int32_t>(set.size())};
  host::Sha256 hash;
  hash.update(bytes_of_all(std::span<const int32_t>(size)));
  hash.update(set.pixels);
  hash.update(bytes_of_all(std::span(set.label)));
  hash.update(bytes_of_all(std::span(set.split)));
  return hash.finish();
}

}  // namespace dimple::data
