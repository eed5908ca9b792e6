// One layer's weights from elsewhere, laid out as ours. Others keep a convolution as [out, in, height, width], a
// depthwise one as [channels, 1, height, width], what a dense layer reads as channels, rows, columns, and a batch norm
// as four tensors; see ops/<op>/<op>.h for ours.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "ir/graph.h"

namespace dimple::model {

// The tensors of theirs that share a name up to the last dot, by what follows it: weight, bias, running_mean, ...
using ForeignLayer = std::map<std::string, const ir::Tensor*>;

struct LaidOut {
  std::map<std::string, ir::Tensor> constants;  // by role, for the node
  std::string reshaped;                         // what was changed beyond the layout; usually nothing
};

// Nothing when the layer is of another kind or shape than the node. A bias that they do not have is zero.
//
// Two differences are bridged: a first convolution on colours meets a grey picture (its three planes are summed, as if
// the grey were fed to all three), and a dense layer that reads an average over more places than there are (AlexNet's
// 6x6): its weights are summed as that average would repeat the places.
std::optional<LaidOut> lay_out(const ForeignLayer& layer, const ir::Graph& graph, const ir::Node& node);

}  // namespace dimple::model
