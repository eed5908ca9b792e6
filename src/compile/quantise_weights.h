// One node's float weight and bias as integers. All read `node` and its constants in `real`, and write to `integer`,
// whose values have their codes already.
#pragma once
#include <vector>

#include "compile/range.h"
#include "ir/graph.h"

namespace dimple::compile {

inline constexpr double kMaxBias = 1 << 24;  // codes; finer would buy nothing

// Writes "<node>.weight" and "<node>.weight_scale".
void quantise_weights(const ir::Graph& real, const ir::Node& node, ir::Graph& integer, RangeRule rule);

// By how much the rounded weights move the mean of each output channel; `input_mean` is of each element of the node's
// input.
std::vector<double> mean_shift(const ir::Graph& real, const ir::Node& node, const ir::Graph& integer,
                               const std::vector<double>& input_mean);

// Writes "<node>.bias" if there is one, less the shift of each channel (none: they are not corrected). Throws
// host::Error(Exit::model) where a sum could leave 32 bits.
void quantise_biases(const ir::Graph& real, const ir::Node& node, ir::Graph& integer, const std::vector<double>& shift);

// The mean of what each tap of one output channel's filter sees, over all places where the filter stands; the zeros of
// the padding are seen too. In the order of that channel's weights; where channels keep apart, [tap][channel].
std::vector<double> mean_seen_by_taps(const ir::Graph& real, const ir::Node& node,
                                      const std::vector<double>& input_mean);

}  // namespace dimple::compile
