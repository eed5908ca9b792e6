#include "data/votes.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "model/labels.h"

namespace dimple::data {

int32_t most_votes(const Dataset& set, size_t row) {
  const auto votes = set.votes_of(row);
  const auto most = std::ranges::max_element(votes);
  if (most == votes.end() || *most == 0 || std::ranges::count(votes, *most) > 1) return -1;
  return static_cast<int32_t>(most - votes.begin());
}

void set_vote_targets(Dataset& set) {
  if (set.votes.empty())
    throw host::Error(host::Exit::input, fmt::format("{} has no votes to train on", set.name),
                      "put fer2013new.csv (FER+) beside the csv, or name it with --votes");
  const auto class_of_vote = model::map_labels(set.vote_names, set.labels);
  const size_t classes = set.labels.size();
  set.target.assign(set.size() * classes, 0);
  for (size_t i = 0; i < set.size(); ++i) {
    float* target = set.target.data() + i * classes;
    const auto votes = set.votes_of(i);
    float sum = 0;
    for (size_t v = 0; v < votes.size(); ++v)
      if (class_of_vote[v] >= 0) sum += static_cast<float>(votes[v]);
    const bool trusted = sum > 0 && (set.doubt.empty() || (set.doubt[i] & kDoubtPlace) == 0);
    if (!trusted) {
      target[set.label[i]] = 1;
      continue;
    }
    for (size_t v = 0; v < votes.size(); ++v)
      if (class_of_vote[v] >= 0) target[class_of_vote[v]] += static_cast<float>(votes[v]) / sum;
  }
}

}  // namespace dimple::data
