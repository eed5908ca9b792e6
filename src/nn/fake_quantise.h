// Weights as their s8 codes would have them, while the learned ones stay floats: training then learns to live with the
// rounding that compile/quantise_weights does.
#pragma once
#include "nn/torch.h"

namespace dimple::nn {

// For each output channel (an index along `channel_axis`)
//   scale = max |w| / 127,   q = round(w / scale), halves away from zero,   out = scale * q
// to the bits of compile::quantise_weights with RangeRule::extremes. A batch norm behind scales whole channels, which
// moves no code: what is rounded here before the norm is rounded alike after the norm was folded in.
//
// Rounding has no slope, so its gradient is a surrogate (a straight-through estimator): d out / d w = 1 inside the
// range. Every weight is inside, since the largest one of its channel sets the scale; the scale counts as a constant.
torch::Tensor fake_quantise(const torch::Tensor& weight, int64_t channel_axis);

}  // namespace dimple::nn
