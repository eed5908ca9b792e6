// One node's float weight and bias as integers.
#pragma once
#include <vector>

#include "compile/range.h"
#include "ir/graph.h"

namespace dimple::compile {

inline constexpr double kMaxBias = 1 << 24;  // codes; finer would buy nothing

struct WeightOptions {
  RangeRule rule = RangeRule::least_error;
  // Of each element of the node's input; null: biases are not corrected.
  const std::vector<double>* input_mean = nullptr;
};

// Reads `node` and its constants in `real`; writes "<node>.weight", "<node>.weight_scale" and "<node>.bias" of
// `integer`, whose values are quantised already.
void quantise_weights(const ir::Graph& real, const ir::Node& node, ir::Graph& integer, const WeightOptions&);

// The mean of what each tap of one output channel's filter sees, over all places where the filter stands; the zeros of
// the padding are seen too. In the order of that channel's weights; where channels keep apart, [tap][channel].
std::vector<double> mean_seen_by_taps(const ir::Graph& real, const ir::Node& node,
                                      const std::vector<double>& input_mean);

}  // namespace dimple::compile
