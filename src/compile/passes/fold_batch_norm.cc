// Two passes on batch norms, in this order; s = gamma / sqrt(var + eps), per channel.
//
// fold_batch_norm, for every linear operator:
//   conv(x; w, b) -> batch_norm(mean, var, gamma, beta)   =>   conv(x; w * s, (b - mean) * s + beta)
//
// Of weights that are signs, their scale takes the size of s, and its sign turns them.
// Codes that the conv's output was trained for are those of the batch norm's: the value before it is no more.
//
// Left alone: a conv whose output another node reads; a conv that already applies an activation; a batch norm in front
// of a conv (with padding the border would differ: its zeros lie behind the batch norm); a conv whose weights are codes
// with a codebook, which channels share whatever the sign of s.
//
// batch_norm_to_depthwise, for the batch norms that are left (behind a pool, an add, an activation):
//   batch_norm(x)   =>   depthwise_conv2d(x), 1x1, weight s, bias beta - mean * s
//
// A per-channel scale and offset is a 1x1 depthwise convolution, which exists in integers too and takes an activation.
#include <algorithm>
#include <cmath>
#include <vector>

#include "compile/passes/passes.h"
#include "edit/surgery.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::compile {
namespace {

// What a batch norm does to each channel: y = x * scale + offset. In double, so that folding costs one rounding only.
struct ChannelScale {
  std::vector<double> scale, offset;
};

ChannelScale channel_scale_of(const ir::Graph& graph, const ir::Node& node) {
  const auto weight = graph.constants.at(node.name + ".weight").as<float>();
  const auto beta = graph.constants.at(node.name + ".bias").as<float>();
  const double epsilon = static_cast<double>(std::get<ops::BatchNorm>(node.op).epsilon);
  const size_t channels = beta.size();
  const auto gamma = weight.subspan(0, channels), mean = weight.subspan(channels, channels),
             variance = weight.subspan(2 * channels);
  ChannelScale s;
  for (size_t c = 0; c < channels; ++c) {
    s.scale.push_back(gamma[c] / std::sqrt(variance[c] + epsilon));
    s.offset.push_back(beta[c] - mean[c] * s.scale[c]);
  }
  return s;
}

void scale_floats(const ops::Dims& dims, const ChannelScale& s, std::span<float> weight) {
  for (size_t c = 0; c < s.scale.size(); ++c)
    for (int64_t k = 0; k < dims.per_channel(); ++k) {
      float& w = weight[static_cast<size_t>(dims.index_of(static_cast<int64_t>(c), k))];
      w = static_cast<float>(w * s.scale[c]);
    }
}

// A scale of 0 would leave nothing positive: the bits of such a channel do not count.
void scale_signs(const ops::Dims& dims, const ChannelScale& s, ir::Tensor& weight, std::span<float> weight_scale) {
  constexpr double kSmallest = 1e-20;
  std::vector<uint8_t> bits = ir::unpack_codes(weight);
  for (size_t c = 0; c < s.scale.size(); ++c) {
    weight_scale[c] = static_cast<float>(std::max(weight_scale[c] * std::abs(s.scale[c]), kSmallest));
    for (int64_t k = 0; k < dims.per_channel() && s.scale[c] < 0; ++k)
      bits[static_cast<size_t>(dims.index_of(static_cast<int64_t>(c), k))] ^= 1;
  }
  weight = ir::pack_codes(DType::b1, weight.dims, bits);
}

void scale_channels(ir::Graph& graph, const ir::Node& node, const ChannelScale& s) {
  const ops::Dims dims = ir::parameters_of(graph, node).weight;
  ir::Tensor& weight = graph.constants.at(node.name + ".weight");
  if (weight.dtype == DType::b1)
    scale_signs(dims, s, weight, graph.constants.at(node.name + ".weight_scale").as<float>());
  else
    scale_floats(dims, s, weight.as<float>());
  const auto bias = graph.constants.at(node.name + ".bias").as<float>();
  for (size_t c = 0; c < s.scale.size(); ++c) bias[c] = static_cast<float>(bias[c] * s.scale[c] + s.offset[c]);
}

}  // namespace

int fold_batch_norm(ir::Graph& graph) {
  int folded = 0;
  for (size_t i = 1; i < graph.nodes.size(); ++i) {
    if (!std::holds_alternative<ops::BatchNorm>(graph.nodes[i].op)) continue;
    const ir::Value from = graph.nodes[i].inputs[0];
    if (from == ir::kInput || !edit::has_one_reader(graph, from)) continue;
    ir::Node& linear = graph.nodes[static_cast<size_t>(from - 1)];
    if (!ir::is_purely_linear(linear.op) || graph.constant(linear.name, "codebook")) continue;
    if (i + 1 == graph.nodes.size() && from != static_cast<ir::Value>(i))
      continue;  // cannot become the output where it stands

    scale_channels(graph, linear, channel_scale_of(graph, graph.nodes[i]));
    linear.type.take_codes_of(graph.nodes[i].type);
    edit::remove_node(graph, i--);
    ++folded;
  }
  return folded;
}

int batch_norm_to_depthwise(ir::Graph& graph) {
  int rewritten = 0;
  for (ir::Node& node : graph.nodes) {
    if (!std::holds_alternative<ops::BatchNorm>(node.op)) continue;
    const ChannelScale s = channel_scale_of(graph, node);
    const auto channels = static_cast<int64_t>(s.scale.size());
    graph.constants[node.name + ".weight"] =
        ir::make_tensor(DType::f32, {1, 1, channels}, std::vector<float>(s.scale.begin(), s.scale.end()));
    graph.constants[node.name + ".bias"] =
        ir::make_tensor(DType::f32, {channels}, std::vector<float>(s.offset.begin(), s.offset.end()));
    node.op = ops::DepthwiseConv2d{};
    ++rewritten;
  }
  return rewritten;
}

}  // namespace dimple::compile
