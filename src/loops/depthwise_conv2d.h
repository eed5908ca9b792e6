// Depthwise convolution for training on a processor: pictures N x H x W x C in memory, floats, one thread. Channels lie
// side by side, so a vector of them is filtered at a time.
#pragma once
#include <stdint.h>

#include "loops/sliding.h"

namespace dimple::loops {

struct DepthwiseSizes : Sliding {
  int64_t channels;
};

struct DepthwiseLoops {
  // weight: kernel_h x kernel_w x channels; bias may be null.
  void (*forward)(const DepthwiseSizes&, const float* x, const float* weight, const float* bias, float* y);
  void (*input_gradient)(const DepthwiseSizes&, const float* dy, const float* weight, float* dx);
  // Written, not added; dbias may be null.
  void (*weight_gradient)(const DepthwiseSizes&, const float* x, const float* dy, float* dweight, float* dbias);
};

}  // namespace dimple::loops
