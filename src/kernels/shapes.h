// Words for the lists of kernels: which calls a kernel takes, and what it asks for.
#pragma once
#include "kernels/chips/scratch.h"
#include "kernels/vectors/scratch.h"
#include "ops/kernel_call.h"

namespace dimple::kernels {

constexpr bool every_call(const ops::Call&) { return true; }
inline bool is_small_window(const ops::Call& call) {
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(call).window;
  return window.kernel_h <= vectors::kMostWindowRows && !window.dilated();
}
inline bool is_undilated(const ops::Call& call) {
  return !ops::attributes_of<ops::DepthwiseConv2d>(call).window.dilated();
}

constexpr uint32_t no_scratch(const ops::Call&) { return 0; }
using vectors::conv2d_scratch;
using vectors::dense_scratch;
using vectors::depthwise_scratch;

}  // namespace dimple::kernels
