// How much each group of channels matters: those that matter least leave first.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "edit/channels.h"

namespace dimple::edit {

enum class SaliencyRule {
  // The norm of the filters that write the channels (depthwise ones too), each divided by the mean of its layer, so that
  // layers of different scale compare; the mean where several filters write. Blind to a batch norm behind, which scales
  // a filter as it likes.
  magnitude,     // mean |w|
  magnitude_l2,  // root of the mean w^2
  // |gamma| of the batch norms, divided by the mean of theirs. A group without one is scored by `magnitude`, which has
  // the same mean of 1; a graph without any is refused.
  batch_norm,
  // By how much the loss would change, to first order, if what writes the channels became zero: the sum of w * dL/dw
  // over all that the group loses. Not relative to a layer: losses compare as they are. A filter with a batch norm right
  // behind it is left out, and gamma and beta speak for it: such a filter's own sum is zero, for the norm undoes its scale.
  taylor,         // absolute
  taylor_squared  // its square
};

std::string_view name_of(SaliencyRule);
SaliencyRule parse_saliency_rule(std::string_view name);  // throws a usage error with "did you mean"

// By the name of the constant: dL/dw, with the shape of the constant.
using Gradients = std::map<std::string, ir::Tensor, std::less<>>;

// One score for each group, never negative; infinite where a group is not removable. `gradients` are read by the
// taylor rules alone.
// Throws host::Error(Exit::usage) for constants, gradients or batch norms that are missing, Exit::model for weights that
// are no numbers and for graphs that contradict themselves.
std::vector<double> score_groups(const ir::Graph&, std::span<const ChannelGroup>, SaliencyRule,
                                 const Gradients& gradients = {});

}  // namespace dimple::edit
