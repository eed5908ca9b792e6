// conv(x; w, b) -> batch_norm(mean, var, gamma, beta)   =>   conv(x; w * s, (b - mean) * s + beta)
//
//   s = gamma / sqrt(var + eps), per channel. The same for every linear operator.
//
// Left alone: a conv whose output another node reads; a conv that already applies an activation; a batch norm in front
// of a conv (with padding the border would differ: its zeros lie behind the batch norm). What is left becomes a
// depthwise convolution of its own (batch_norm_to_depthwise).
#include "compile/passes/batch_norm_scale.h"
#include "compile/passes/passes.h"
#include "edit/surgery.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

void scale_channels(const ops::Dims& dims, const ChannelScale& s, std::span<float> weight, std::span<float> bias) {
  for (size_t c = 0; c < s.scale.size(); ++c) {
    for (int64_t k = 0; k < dims.per_channel(); ++k) {
      float& w = weight[static_cast<size_t>(dims.index_of(static_cast<int64_t>(c), k))];
      w = static_cast<float>(w * s.scale[c]);
    }
    bias[c] = static_cast<float>(bias[c] * s.scale[c] + s.offset[c]);
  }
}

}  // namespace

int fold_batch_norm(ir::Graph& graph) {
  int folded = 0;
  for (size_t i = 1; i < graph.nodes.size(); ++i) {
    if (!std::holds_alternative<ops::BatchNorm>(graph.nodes[i].op)) continue;
    const ir::Value from = graph.nodes[i].inputs[0];
    if (from == ir::kInput || !edit::has_one_reader(graph, from)) continue;
    const ir::Node& linear = graph.node_of(from);
    if (!ir::is_purely_linear(linear.op)) continue;
    if (i + 1 == graph.nodes.size() && from != static_cast<ir::Value>(i))
      continue;  // cannot become the output where it stands

    const ChannelScale s = channel_scale_of(graph, graph.nodes[i]);
    scale_channels(ir::parameters_of(graph, linear).weight, s, graph.constants.at(linear.name + ".weight").as<float>(),
                   graph.constants.at(linear.name + ".bias").as<float>());
    edit::remove_node(graph, i--);
    ++folded;
  }
  return folded;
}

}  // namespace dimple::compile
