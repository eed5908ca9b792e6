// Batch norm for training on a processor, with the activation behind it in the same pass, and the sum behind that, if
// there is one: pixels x channels in memory, floats, one thread. With bounds low and high (an activation is a clamp):
//   y = clamp(x * scale + shift, low, high),   scale = gamma / deviation,   shift = beta - mean * scale
//   y = clamp(clamp(x * scale + shift, low, high) + shortcut, sum_low, sum_high)
#pragma once
#include <stdint.h>

namespace dimple::loops {

struct BatchNormSizes {
  int64_t pixels, channels;
  float low, high, sum_low, sum_high;
  int64_t all_pixels;  // of the batch; `pixels` may be some of them
};

struct BatchNormLoops {
  // Adds each channel's sum of x - k, and of its square: with k, some value of the channel, the squares lose nothing
  // when the mean is far from 0.
  void (*add_sums)(const BatchNormSizes&, const float* x, const float* k, float* sum, float* squares);
  // `shortcut` may be null.
  void (*apply)(const BatchNormSizes&, const float* x, const float* scale, const float* shift, const float* shortcut,
                float* y);
  // With g = dy where the norm is within its bounds, else 0, and n = (x - mean) / deviation: sum of g, and of g * n.
  // Over all pixels; dx = scale * (g - (sum + n * sum_n) / all_pixels) over any of them. Where y, the sum, is given, dy
  // counts only where it is within the sum's bounds; what is left of it is written to `dsum`: the dy of `gradient`.
  void (*gradient_sums)(const BatchNormSizes&, const float* x, const float* dy, const float* y, const float* scale,
                        const float* shift, const float* mean, const float* inverse_deviation, float* sum, float* sum_n,
                        float* dsum);
  void (*gradient)(const BatchNormSizes&, const float* x, const float* dy, const float* scale, const float* shift,
                   const float* mean, const float* inverse_deviation, const float* sum, const float* sum_n, float* dx);
};

}  // namespace dimple::loops
