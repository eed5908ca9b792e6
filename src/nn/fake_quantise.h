// Weights and values as their s8 codes would have them, while what is learned stays floats: training then learns to live
// with the rounding that integer kernels do.
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

// Those scales, one per output channel, in the weight's dimensions.
torch::Tensor weight_scales(const torch::Tensor& weight, int64_t channel_axis);

// round(x / step), halves away from zero, and of a value that is codes on that scale already. The steps are constants, of
// the shape of x or spread over it. Surrogate: the slope of x / step.
torch::Tensor in_steps(const torch::Tensor& x, const torch::Tensor& step);
torch::Tensor value_in_steps(const torch::Tensor& x, const torch::Tensor& scale);

// A value, of any shape:
//   out = scale * (code - zero_point),   code = clamp(floor(x / scale + 0.5) + zero_point, -128, 127)
// as ops/fixed_scale.h rounds. `scale` is a single number, which may be learned.
//
// Surrogates: d out / d x = 1 where the code is not clamped, else 0. For the scale, code is a constant but for the x in it:
// d out / d scale = (code - zero_point) - x / scale where it is not clamped, else code - zero_point; the sum over all n
// elements counts 1 / sqrt(127 n), which keeps the scale from running ahead of the weights.
//
// Averages of codes often lie halfway between two, where floats fall on either side: there, all that is within 1 / 16384 of a
// half goes upwards, as integer kernels do.
enum class Halves { rarely, often };
torch::Tensor round_to_codes(const torch::Tensor& x, const torch::Tensor& scale, int32_t zero_point,
                             Halves = Halves::rarely);

}  // namespace dimple::nn
