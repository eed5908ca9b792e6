// Whole channels taken out of a float graph with everything that depends on them, so that the network really shrinks:
//
//   c = conv2d(input) out_channels=8       =>   c = conv2d(input) out_channels=6
//   n = batch_norm(c)                           n = batch_norm(c)                    two rows shorter
//   d = conv2d(n) out_channels=4                d = conv2d(n) out_channels=4         its filters two channels thinner
//
// What depends on what follows from the operators' traits (ops::ChannelRule).
#pragma once
#include <span>
#include <vector>

#include "ir/graph.h"

namespace dimple::edit {

// Channel k of what a value holds.
struct ChannelOf {
  ir::Value value = ir::kInput;
  int32_t channel = 0;

  auto operator<=>(const ChannelOf&) const = default;
};

// Channels that stay or leave together: a sum needs both of its terms, a gate what it gates, a flattened picture every
// pixel of a channel.
struct ChannelGroup {
  std::vector<ChannelOf> channels;  // in order
  bool removable = true;            // no part of the input or the output, and every operator around it is understood

  bool operator==(const ChannelGroup&) const = default;
};

inline int32_t channels_of(const ir::Graph& graph, ir::Value v) { return graph.type_of(v).shape.channels; }

// Every channel of every value, the input's included, is in one group. In the order of their first channels.
std::vector<ChannelGroup> channel_groups(const ir::Graph&);

// Takes groups of this graph out of weights, biases, norms, slopes, attributes and shapes; constants may be absent.
// Where the channels that leave are zero for every picture, the graph puts out what it did, with one exception: the
// largest channel of a pixel (channel_max) is now sought among those that stay. The mean over channels is kept up by
// the weights that read it; where others read it too, it becomes the mean over the channels that stay.
// Throws and touches nothing: host::Error(Exit::usage) where the graph is not float, a group is not removable, or a layer
// would be left without channels; Exit::model for a graph that contradicts itself (ir/verify.h).
void remove_channels(ir::Graph&, std::span<const ChannelGroup> gone);

}  // namespace dimple::edit
