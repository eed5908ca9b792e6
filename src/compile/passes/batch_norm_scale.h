// What a batch norm does to each channel: y = x * scale + offset. In double, so that folding costs one rounding only.
#pragma once
#include <vector>

#include "ir/graph.h"

namespace dimple::compile {

struct ChannelScale {
  std::vector<double> scale, offset;
};

// The node is a batch norm.
ChannelScale channel_scale_of(const ir::Graph&, const ir::Node&);

}  // namespace dimple::compile
