#include "train/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "host/error.h"
#include "host/random.h"
#include "host/suggest.h"

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

std::vector<int32_t> shuffled(std::span<const int32_t> rows, uint64_t seed, int epoch) {
  std::vector<int32_t> order(rows.begin(), rows.end());
  host::Random random(host::seed_for(seed, static_cast<uint64_t>(epoch), 0));
  host::shuffle(order, random);
  return order;
}

Sampler::Sampler(const data::Dataset& set, std::vector<int32_t> rows, const std::string& how, uint64_t seed,
                 float power)
    : rows_(std::move(rows)), set_size_(static_cast<int32_t>(set.size())), seed_(seed) {
  host::check_choice("sampler", how, {"shuffle", "balanced", "balanced_sets"});
  if (how == "shuffle") return;
  std::map<std::pair<std::string, int32_t>, std::vector<int32_t>> of;
  for (const int32_t row : rows_) {
    const auto r = static_cast<size_t>(row);
    of[{how == "balanced" ? "" : data::origin_of(set, r), set.label[r]}].push_back(row);
  }
  double all = 0, sum = 0;
  const auto size_for = [&](size_t count) { return std::pow(static_cast<double>(count), 1 - power); };
  for (const auto& [group, members] : of) all += size_for(members.size());
  for (auto& [group, members] : of) {
    sum += size_for(members.size());
    ends_.push_back(std::min(rows_.size(), static_cast<size_t>(static_cast<double>(rows_.size()) * sum / all + 1e-9)));
    groups_.push_back(std::move(members));
  }
  ends_.back() = rows_.size();
}

// Each group is an endless row of shuffles, one after the other; an epoch takes the next part of it.
std::vector<int32_t> Sampler::order(int epoch) const {
  if (groups_.empty()) return shuffled(rows_, seed_, epoch);
  std::vector<int32_t> order;
  order.reserve(rows_.size());
  std::map<int32_t, int32_t> turns;
  const int32_t most_turns = std::numeric_limits<int32_t>::max() / std::max(1, set_size_) - 1;
  for (size_t g = 0; g < groups_.size(); ++g) {
    const auto& members = groups_[g];
    const size_t quota = ends_[g] - (g > 0 ? ends_[g - 1] : 0);
    size_t at = quota * static_cast<size_t>(epoch);
    std::vector<int32_t> round;
    for (size_t taken = 0; taken < quota; ++taken, ++at) {
      if (round.empty() || at % members.size() == 0)
        round = shuffled(members, seed_ + g + 1, static_cast<int>(at / members.size()));
      const int32_t row = round[at % members.size()];
      order.push_back(row + set_size_ * std::min(turns[row]++, most_turns));
    }
  }
  host::Random random(host::seed_for(seed_, static_cast<uint64_t>(epoch), 0));
  host::shuffle(order, random);
  return order;
}

}  // namespace dimple::train
