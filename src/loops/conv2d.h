// Convolution for training on a processor: pictures N x H x W x C in memory, floats, one thread. The three products of
// a training step, each as the same small matrix tile slid over the picture, without an im2col matrix: along a row of
// the window the kernel_w * in floats of NHWC lie one behind the other.
#pragma once
#include <stdint.h>

#include "loops/sliding.h"

namespace dimple::loops {

struct Conv2dSizes : Sliding {
  int64_t in, out;  // channels
};

struct Conv2dLoops {
  // weight: out x kernel_h x kernel_w x in, as the graph holds it; bias may be null.
  void (*forward)(const Conv2dSizes&, const float* x, const float* weight, const float* bias, float* y);
  void (*input_gradient)(const Conv2dSizes&, const float* dy, const float* weight, float* dx);
  // Written, not added; dbias may be null.
  void (*weight_gradient)(const Conv2dSizes&, const float* x, const float* dy, float* dweight, float* dbias);
};

}  // namespace dimple::loops
