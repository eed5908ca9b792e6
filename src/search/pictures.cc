#include "search/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "data/resize.h"
#include "data/split.h"
#include "host/error.h"

namespace dimple::search {

using data::Split;

namespace {

// Of training pictures those that are held back: whole people where they are known, else twentieths of the pictures.
std::vector<bool> held_back_of(const data::Dataset& train, double nested) {
  constexpr int kParts = 20;
  std::vector<bool> held_back(train.size());
  if (nested == 0) return held_back;
  const bool people = data::knows_subjects(train);
  const std::vector<int32_t> part =
      people ? data::deal_subjects(train, {1 - nested, nested}) : data::picture_folds(train, kParts);
  const auto most = std::max(1L, std::lround(nested * kParts));
  for (size_t i = 0; i < part.size(); ++i) held_back[i] = people ? part[i] == 1 : part[i] < most;
  return held_back;
}

void check_classes(const data::Dataset& set) {
  std::vector<int> of_class(set.labels.size());
  for (const int32_t row : data::rows_of(set, Split::train))
    ++of_class[static_cast<size_t>(set.label[static_cast<size_t>(row)])];
  for (size_t c = 0; c < of_class.size(); ++c)
    if (of_class[c] == 0)
      throw host::Error(host::Exit::input,
                        fmt::format("too little is left to learn {} from when --nested is held back", set.labels[c]),
                        "a smaller share, or --nested 0");
}

}  // namespace

Pictures::Pictures(const data::Dataset& whole, double nested) {
  if (!(nested >= 0) || nested > 0.5)
    throw host::Error(host::Exit::usage, "--nested is a share of the training pictures, 0 to 0.5");
  const std::vector<int32_t> train_rows = data::rows_of(whole, Split::train),
                             validation_rows = data::rows_of(whole, Split::validation);
  std::set<int32_t> seen;
  for (const int32_t row : validation_rows) seen.insert(whole.label[static_cast<size_t>(row)]);
  if (seen.size() < 2)
    throw host::Error(host::Exit::input,
                      whole.name + (seen.empty() ? " has no validation pictures to choose networks by"
                                                 : " has validation pictures of one class only"));
  std::vector<int32_t> rows = train_rows;
  rows.insert(rows.end(), validation_rows.begin(), validation_rows.end());
  search_ = data::select_rows(whole, rows);
  const std::vector<bool> held_back = held_back_of(data::select_rows(whole, train_rows), nested);
  for (size_t i = 0; i < train_rows.size(); ++i)
    if (held_back[i]) search_.split[i] = Split::test;
  check_classes(search_);
  test_ = data::select_rows(whole, data::rows_of(whole, Split::test));
}

const Pictures::Sized& Pictures::sized(int32_t size) {
  constexpr size_t kMostSizes = 4;  // a set of FER2013's size takes 150 MB at 64x64
  if (const auto there = sized_.find(size); there != sized_.end()) return there->second;
  if (sized_.size() >= kMostSizes) sized_.erase(sized_.begin());
  Sized made{search_, test_};
  for (data::Dataset* const set : {&made.search, &made.test}) data::resize_pictures(*set, size, set->channels);
  return sized_.emplace(size, std::move(made)).first->second;
}

const data::Dataset& Pictures::at(int32_t size) { return sized(size).search; }
const data::Dataset& Pictures::test_at(int32_t size) { return sized(size).test; }

}  // namespace dimple::search
