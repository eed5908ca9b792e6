// Convolutions for training on a processor: pictures N x H x W x C in memory, floats, one thread; without the C++
// library, like loops/lanes.h. The three products of a training step.
//   conv2d             the same small matrix tile slid over the picture, without an im2col matrix: along a row of the
//                      window the kernel_w * in floats of NHWC lie one behind the other
//   depthwise_conv2d   channels lie side by side, so a vector of them is filtered at a time
#pragma once
#include <stdint.h>

namespace dimple::loops {

// A window that slides over pictures.
struct Sliding {
  int64_t pictures, height, width, out_height, out_width;
  int64_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;  // what is padded below and right follows
};

struct Conv2dSizes : Sliding {
  int64_t in, out;  // channels
};
struct DepthwiseSizes : Sliding {
  int64_t channels;
};

// weight, as the graph holds it: out x kernel_h x kernel_w x in; depthwise: kernel_h x kernel_w x channels.
template <class Sizes>
struct ConvolutionLoops {
  void (*forward)(const Sizes&, const float* x, const float* weight, const float* bias, float* y);  // bias may be null
  void (*input_gradient)(const Sizes&, const float* dy, const float* weight, float* dx);
  // Written, not added; dbias may be null.
  void (*weight_gradient)(const Sizes&, const float* x, const float* dy, float* dweight, float* dbias);
};
using Conv2dLoops = ConvolutionLoops<Conv2dSizes>;
using DepthwiseLoops = ConvolutionLoops<DepthwiseSizes>;

}  // namespace dimple::loops
