#include "train/agreement.h"

#include <algorithm>
#include <numeric>

#include "host/error.h"

namespace dimple::train {

float agreement(const data::Dataset& set, int32_t row) {
  const auto r = static_cast<size_t>(row);
  if (set.votes.empty() || (!set.doubt.empty() && (set.doubt[r] & data::kDoubtPlace) != 0)) return 1;
  const auto votes = set.votes_of(r);
  const int all = std::accumulate(votes.begin(), votes.end(), 0);
  return all == 0 ? 1 : static_cast<float>(*std::ranges::max_element(votes)) / static_cast<float>(all);
}

namespace {

void refuse_emptied_class(const data::Dataset& set, const std::vector<int32_t>& kept) {
  const auto count = [&](const std::vector<int32_t>& rows) {
    std::vector<int64_t> of(set.labels.size());
    for (const int32_t r : rows) ++of[static_cast<size_t>(set.label[static_cast<size_t>(r)])];
    return of;
  };
  const auto before = count(data::rows_of(set, data::Split::train)), after = count(kept);
  for (size_t c = 0; c < set.labels.size(); ++c)
    if (before[c] > 0 && after[c] == 0)
      throw host::Error(host::Exit::input, "people agree so far on no training picture of " + set.labels[c],
                        "a lower --vote-agreement, or --disagreement soft, keeps some");
}

}  // namespace

std::vector<int32_t> training_rows(const data::Dataset& set, const Recipe& recipe) {
  std::vector<int32_t> rows = data::rows_of(set, data::Split::train);
  if (rows.empty()) throw host::Error(host::Exit::input, "there is no training picture in " + set.name);
  if (recipe.vote_agreement <= 0) return rows;
  if (set.votes.empty())
    throw host::Error(host::Exit::input, set.name + " has no votes, so no agreement is known",
                      "leave --vote-agreement at 0, or name the votes with --votes");
  if (recipe.disagreement != "drop") return rows;
  std::erase_if(rows, [&](int32_t row) { return agreement(set, row) < recipe.vote_agreement; });
  if (rows.empty()) throw host::Error(host::Exit::input, "people agree so far on no training picture at all");
  refuse_emptied_class(set, rows);
  return rows;
}

}  // namespace dimple::train
