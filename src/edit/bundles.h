// Groups of channels that take the same from the same values: any of them may leave in another's place, so only how many
// leave decides what a graph costs. Mostly they are the channels of one layer, or of all layers that a shortcut ties.
#pragma once
#include <span>
#include <utility>
#include <vector>

#include "edit/channels.h"

namespace dimple::edit {

// So many channels of a value that one group takes.
using Shares = std::vector<std::pair<ir::Value, int32_t>>;

// Groups that take alike, and how many of them stay.
struct Bundle {
  Shares shares;
  std::vector<size_t> groups;    // the least salient first
  std::vector<double> saliency;  // of the first so many of them: from 0 to all
  int kept = 0, lowest = 0;

  int size() const { return static_cast<int>(groups.size()); }
  int gone() const { return size() - kept; }
  double saliency_of(int first, int n) const {
    return saliency[static_cast<size_t>(first + n)] - saliency[static_cast<size_t>(first)];
  }
  // How many leave next; 0: no more.
  int step(int multiple) const {
    const int next = (kept - 1) / multiple * multiple;
    return next >= lowest ? kept - next : 0;
  }
};

// Of the groups that are removable, whose scores are given; each bundle keeps all it has. At most that share of it may
// leave, and so many groups stay, or all where there are fewer.
std::vector<Bundle> bundles_of(std::span<const ChannelGroup>, std::span<const double> scores, int min_groups,
                               double max_share);

}  // namespace dimple::edit
