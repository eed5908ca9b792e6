#include "search/pictures.h"

#include <algorithm>
#include <cmath>

#include "data/resize.h"
#include "data/split.h"
#include "host/error.h"

namespace dimple::search {

using data::Split;

Pictures::Pictures(data::Dataset set, double nested) : whole_(std::move(set)) {
  constexpr int kParts = 10;
  if (!(nested >= 0) || nested > 0.5)
    throw host::Error(host::Exit::usage, "--nested is a share of the training pictures, 0 to 0.5");
  if (data::rows_of(whole_, Split::validation).empty())
    throw host::Error(host::Exit::input, whole_.name + " has no validation pictures to choose networks by");
  const std::vector<int32_t> train_rows = data::rows_of(whole_, Split::train);
  const std::vector<int32_t> part = data::person_folds(data::select_rows(whole_, train_rows), kParts);
  const auto held_back = static_cast<int32_t>(std::lround(nested * kParts));
  std::vector<int32_t> rows = train_rows;
  for (const int32_t row : data::rows_of(whole_, Split::validation)) rows.push_back(row);
  search_ = data::select_rows(whole_, rows);
  for (size_t i = 0; i < train_rows.size(); ++i)
    if (part[i] < held_back) search_.split[i] = Split::test;
  test_ = data::select_rows(whole_, data::rows_of(whole_, Split::test));
}

Pictures::Sized& Pictures::sized(int32_t size) {
  const auto [at, is_new] = sized_.try_emplace(size);
  if (!is_new) return at->second;
  constexpr size_t kMostSizes = 4;  // a set of FER2013's size takes 150 MB at 64x64
  if (sized_.size() > kMostSizes) {
    const auto other = std::ranges::find_if(sized_, [&](const auto& s) { return s.first != size; });
    sized_.erase(other);
  }
  Sized& made = sized_.at(size);
  made = {search_, test_};
  for (data::Dataset* const set : {&made.search, &made.test}) data::resize_pictures(*set, size, set->channels);
  return made;
}

const data::Dataset& Pictures::at(int32_t size) { return sized(size).search; }
const data::Dataset& Pictures::test_at(int32_t size) { return sized(size).test; }

}  // namespace dimple::search
