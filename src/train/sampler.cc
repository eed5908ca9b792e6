#include "train/sampler.h"

#include <algorithm>
#include <limits>
#include <map>

#include "host/random.h"
#include "host/suggest.h"

namespace dimple::train {

std::vector<int32_t> shuffled(std::span<const int32_t> rows, uint64_t seed, int epoch) {
  std::vector<int32_t> order(rows.begin(), rows.end());
  host::Random random(host::seed_for(seed, static_cast<uint64_t>(epoch), 0));
  host::shuffle(order, random);
  return order;
}

Sampler::Sampler(const data::Dataset& set, std::vector<int32_t> rows, const std::string& how, uint64_t seed)
    : rows_(std::move(rows)), set_size_(static_cast<int32_t>(set.size())), seed_(seed) {
  host::check_choice("sampler", how, {"shuffle", "balanced"});
  if (how == "shuffle") return;
  of_class_.resize(set.labels.size());
  for (const int32_t row : rows_) of_class_[static_cast<size_t>(set.label[static_cast<size_t>(row)])].push_back(row);
  std::erase_if(of_class_, [](const auto& members) { return members.empty(); });
}

// Each class is an endless row of shuffles, one after the other; an epoch takes the next part of it.
std::vector<int32_t> Sampler::order(int epoch) const {
  if (of_class_.empty()) return shuffled(rows_, seed_, epoch);
  std::vector<int32_t> order;
  order.reserve(rows_.size());
  std::map<int32_t, int32_t> turns;
  const int32_t most_turns = std::numeric_limits<int32_t>::max() / std::max(1, set_size_) - 1;
  for (size_t c = 0; c < of_class_.size(); ++c) {
    const auto& members = of_class_[c];
    const size_t classes = of_class_.size(), quota = rows_.size() * (c + 1) / classes - rows_.size() * c / classes;
    size_t at = quota * static_cast<size_t>(epoch);
    std::vector<int32_t> round;
    for (size_t taken = 0; taken < quota; ++taken, ++at) {
      if (round.empty() || at % members.size() == 0)
        round = shuffled(members, seed_ + c + 1, static_cast<int>(at / members.size()));
      const int32_t row = round[at % members.size()];
      order.push_back(row + set_size_ * std::min(turns[row]++, most_turns));
    }
  }
  host::Random random(host::seed_for(seed_, static_cast<uint64_t>(epoch), 0));
  host::shuffle(order, random);
  return order;
}

}  // namespace dimple::train
