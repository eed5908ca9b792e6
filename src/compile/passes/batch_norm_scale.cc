#include "compile/passes/batch_norm_scale.h"

#include <cmath>

namespace dimple::compile {

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

}  // namespace dimple::compile
