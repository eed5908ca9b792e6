// conv(x; w, b) -> batch_norm(mean, var, gamma, beta)   =>   conv(x; w * s, (b - mean) * s + beta)
//
//   s = gamma / sqrt(var + eps), per channel. The same for depthwise_conv2d and dense.
//
// Left alone: a conv whose output another node reads; a conv that already applies an activation; a batch norm in front
// of a conv (with padding the border would differ: its zeros lie behind the batch norm). What is left becomes a
// depthwise convolution of its own (batch_norm_to_depthwise).
#include <cmath>
#include <optional>

#include "compile/passes/batch_norm_scale.h"
#include "compile/passes/passes.h"
#include "edit/surgery.h"

namespace dimple::compile {
namespace {

// The activation of an operator whose output channels each have their own weights; nothing for any other operator.
std::optional<ops::Activation> activation_of_linear(const ir::Op& op) {
  if (const auto* conv = std::get_if<ops::Conv2d>(&op)) return conv->activation;
  if (const auto* conv = std::get_if<ops::DepthwiseConv2d>(&op)) return conv->activation;
  if (const auto* dense = std::get_if<ops::Dense>(&op)) return dense->activation;
  return {};
}

void scale_channels(const ir::Node& node, const ChannelScale& s, std::span<float> weight, std::span<float> bias) {
  const size_t channels = s.scale.size();
  // Output channels are the slowest axis of conv2d and dense, the fastest of depthwise_conv2d.
  const bool fastest = std::holds_alternative<ops::DepthwiseConv2d>(node.op);
  const size_t per_channel = weight.size() / channels;
  for (size_t i = 0; i < weight.size(); ++i) {
    const size_t c = fastest ? i % channels : i / per_channel;
    weight[i] = static_cast<float>(weight[i] * s.scale[c]);
  }
  for (size_t c = 0; c < channels; ++c) bias[c] = static_cast<float>(bias[c] * s.scale[c] + s.offset[c]);
}

}  // namespace

void fold_batch_norm(ir::Graph& graph) {
  for (size_t i = 1; i < graph.nodes.size(); ++i) {
    if (!std::holds_alternative<ops::BatchNorm>(graph.nodes[i].op)) continue;
    const ir::Value from = graph.nodes[i].inputs[0];
    if (from == ir::kInput || !edit::has_one_reader(graph, from)) continue;
    const ir::Node& linear = graph.node_of(from);
    if (activation_of_linear(linear.op) != ops::Activation::none) continue;
    if (i + 1 == graph.nodes.size() && from != static_cast<ir::Value>(i))
      continue;  // cannot become the output where it stands

    const ChannelScale s = channel_scale_of(graph, graph.nodes[i]);
    scale_channels(linear, s, graph.constants.at(linear.name + ".weight").as<float>(),
                   graph.constants.at(linear.name + ".bias").as<float>());
    edit::remove_node(graph, i--);
  }
}

}  // namespace dimple::compile
