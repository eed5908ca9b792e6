// Weights that count by their sign, while what is learned stays floats between -1 and 1 (latent weights).
#pragma once
#include "nn/torch.h"

namespace dimple::nn {

// For each output channel (an index along `channel_axis`): out = scale * (w >= 0 ? 1 : -1), with scale = mean |w|, or the
// one given (undefined: none), which may be learned.
//
// A sign has no slope. Its surrogate: d out / d w = 1 where |w| <= 1, else 0; a mean |w| counts as a constant.
torch::Tensor sign_of_weight(const torch::Tensor& weight, int64_t channel_axis, const torch::Tensor& scale = {});

// mean |w| of each channel, in the weight's dimensions.
torch::Tensor mean_magnitude(const torch::Tensor& weight, int64_t channel_axis);

}  // namespace dimple::nn
