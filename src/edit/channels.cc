#include "edit/channels.h"

#include <algorithm>
#include <numeric>

#include "ir/traits.h"

namespace dimple::edit {
namespace {

using ops::ChannelRule;

// Union-find over the channels of all values. The root of a set is its first channel.
class Ties {
 public:
  explicit Ties(const ir::Graph& graph) {
    for (ir::Value v = 0; v <= graph.output(); ++v)
      first_.push_back(first_.back() + static_cast<size_t>(graph.type_of(v).shape.channels));
    parent_.resize(first_.back());
    std::iota(parent_.begin(), parent_.end(), size_t{0});
    stays_.resize(first_.back());
  }

  void tie(ChannelOf a, ChannelOf b) {
    const auto [low, high] = std::minmax({root(place(a)), root(place(b))});
    parent_[high] = low;
    stays_[low] = stays_[low] || stays_[high];
  }
  void keep(ChannelOf c) { stays_[root(place(c))] = true; }

  std::vector<ChannelGroup> groups() {
    std::vector<ChannelGroup> groups;
    std::vector<size_t> group_of(parent_.size());
    for (size_t value = 0; value + 1 < first_.size(); ++value)
      for (size_t at = first_[value]; at < first_[value + 1]; ++at) {
        const size_t from = root(at);
        if (from == at) {
          group_of[at] = groups.size();
          groups.push_back({{}, !stays_[at]});
        }
        groups[group_of[from]].channels.push_back(
            {static_cast<ir::Value>(value), static_cast<int32_t>(at - first_[value])});
      }
    return groups;
  }

 private:
  size_t place(ChannelOf c) const { return first_[static_cast<size_t>(c.value)] + static_cast<size_t>(c.channel); }
  size_t root(size_t at) {
    while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
    return at;
  }

  std::vector<size_t> first_{0};  // by value
  std::vector<size_t> parent_;
  std::vector<bool> stays_;  // of roots
};

void keep_all(Ties& ties, const ir::Graph& graph, ir::Value v) {
  for (int32_t c = 0; c < channels_of(graph, v); ++c) ties.keep({v, c});
}

void tie_apart(Ties& ties, const ir::Graph& graph, ir::Value in, ir::Value out) {
  const int32_t from = channels_of(graph, in), to = channels_of(graph, out);
  for (int32_t c = 0; c < from; ++c)
    if (from == to)
      ties.tie({in, c}, {out, c});
    else
      ties.keep({in, c});  // spread over all of them
}

void tie(Ties& ties, const ir::Graph& graph, const ir::Node& node, ir::Value out) {
  int32_t at = 0;
  switch (ir::channel_rule_of(node.op)) {
    case ChannelRule::apart:
      for (const ir::Value in : node.inputs) tie_apart(ties, graph, in, out);
      return;
    case ChannelRule::in_a_row:
      for (const ir::Value in : node.inputs)
        for (int32_t c = 0; c < channels_of(graph, in); ++c) ties.tie({in, c}, {out, at++});
      return;
    case ChannelRule::flattened:
      for (; at < channels_of(graph, out); ++at)
        ties.tie({node.inputs[0], at % channels_of(graph, node.inputs[0])}, {out, at});
      return;
    case ChannelRule::weighted: return;
    case ChannelRule::gathered: return keep_all(ties, graph, out);
    case ChannelRule::unknown:
      for (const ir::Value in : node.inputs) keep_all(ties, graph, in);
      return keep_all(ties, graph, out);
  }
}

}  // namespace

std::vector<ChannelGroup> channel_groups(const ir::Graph& graph) {
  Ties ties(graph);
  keep_all(ties, graph, ir::kInput);
  keep_all(ties, graph, graph.output());
  for (size_t i = 0; i < graph.nodes.size(); ++i) tie(ties, graph, graph.nodes[i], static_cast<ir::Value>(i + 1));
  return ties.groups();
}

}  // namespace dimple::edit
