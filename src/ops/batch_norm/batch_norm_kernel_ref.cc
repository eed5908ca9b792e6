// Row by row, channel by channel: the root is taken once per row and channel, and works in place.
#include "base/sqrt.h"
#include "ops/batch_norm/batch_norm.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void batch_norm_f32_ref(const DimpleCall* call, DimpleRange rows) {
  const float epsilon = attributes_of<BatchNorm>(*call).epsilon;
  const DimpleTensor& out = call->out;
  const int32_t channels = out.channels, row = out.width * channels;
  const auto* from = static_cast<const float*>(call->in[0].data) + rows.first * row;
  const auto* gamma = static_cast<const float*>(call->weight);
  const float* mean = gamma + channels;
  const float* variance = mean + channels;
  const auto* beta = static_cast<const float*>(call->bias);
  auto* to = static_cast<float*>(out.data) + rows.first * row;

  for (int32_t y = rows.first; y < rows.last; ++y, from += row, to += row) {
    for (int32_t c = 0; c < channels; ++c) {
      const float factor = gamma[c] / sqrt_f32(variance[c] + epsilon);
      for (int32_t i = c; i < row; i += channels) to[i] = (from[i] - mean[c]) * factor + beta[c];
    }
  }
}
