// batch_norm(x)   =>   depthwise_conv2d(x), 1x1, weight s, bias beta - mean * s
//
//   s = gamma / sqrt(var + eps), per channel.
//
// For the batch norms that nothing could swallow (behind a pool, an add, an activation): a per-channel scale and offset
// is a 1x1 depthwise convolution, which exists in integers too and takes an activation.
#include "compile/passes/batch_norm_scale.h"
#include "compile/passes/passes.h"

namespace dimple::compile {

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
