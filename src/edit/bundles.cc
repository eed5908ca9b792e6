#include "edit/bundles.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace dimple::edit {

std::vector<Bundle> bundles_of(std::span<const ChannelGroup> groups, std::span<const double> scores, int min_groups,
                               double max_share) {
  std::vector<Bundle> bundles;
  std::map<Shares, size_t> known;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].removable) continue;
    Shares shares;
    for (const ChannelOf& c : groups[i].channels)
      if (!shares.empty() && shares.back().first == c.value)
        ++shares.back().second;
      else
        shares.push_back({c.value, 1});
    const auto [at, is_new] = known.emplace(shares, bundles.size());
    if (is_new) bundles.push_back({shares});
    bundles[at->second].groups.push_back(i);
  }
  for (Bundle& b : bundles) {
    std::ranges::stable_sort(b.groups, {}, [&](size_t i) { return scores[i]; });
    b.saliency = {0};
    for (const size_t i : b.groups) b.saliency.push_back(b.saliency.back() + scores[i]);
    const double least = std::ceil(b.size() * (1 - max_share) - 1e-9);
    b.kept = b.size();
    b.lowest = std::min(b.size(), std::max(min_groups, static_cast<int>(least)));
  }
  return bundles;
}

}  // namespace dimple::edit
