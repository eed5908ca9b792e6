// Words for the lists of kernels: which calls a kernel takes, and what it asks for.
#pragma once
#include "kernels/chips/scratch.h"
#include "kernels/few_bits/scratch.h"
#include "kernels/vectors/scratch.h"
#include "ops/concat/concat.h"
#include "ops/kernel_call.h"
#include "ops/pool/pool.h"

namespace dimple::kernels {

constexpr bool every_call(const ops::Call&) { return true; }
inline bool is_small_window(const ops::Call& call) {
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(call).window;
  return window.kernel_h <= vectors::kMostWindowRows && !window.dilated();
}
// Whose counts of bits fit 16 bits.
inline bool is_of_few_bits(const ops::Call& call) { return chips::window_codes(call) <= 0xFFFF; }
inline bool is_small_window_of_few_bits(const ops::Call& call) { return is_small_window(call) && is_of_few_bits(call); }
// With so many output channels that narrower vectors would not do as much.
template <int32_t kMoreThan>
bool is_small_window_to_more_than(const ops::Call& call) {
  return is_small_window(call) && call.out.channels > kMoreThan;
}
inline bool is_undilated(const ops::Call& call) {
  return !ops::attributes_of<ops::DepthwiseConv2d>(call).window.dilated();
}

// The scales that kernels/vectors/ computes with in 32 bits; trained networks have no others.
inline bool has_narrow_scale(const ops::Call& call) { return call.shift[0] >= 33 && call.shift[0] <= 54; }
inline bool has_narrow_add_scales(const ops::Call& call) {
  constexpr int32_t kLargest = INT32_MAX - (1 << 15);
  return call.shift[0] >= 17 && call.shift[0] <= 46 && call.multiplier[0] <= kLargest && call.multiplier[1] <= kLargest;
}

inline bool have_narrow_scales(const ops::Call& call, int32_t count) {  // of single codes, or codes times a slope
  for (int32_t i = 0; i < count; ++i)
    if (call.shift[i] < 25 || call.shift[i] > 46) return false;
  return true;
}
inline bool has_narrow_concat_scales(const ops::Call& call) {
  return have_narrow_scales(call, ops::attributes_of<ops::Concat>(call).inputs);
}
inline bool has_narrow_prelu_scales(const ops::Call& call) { return have_narrow_scales(call, call.out.channels + 1); }
// Vectors copy whole runs; single channels go one by one anyhow.
inline bool has_wide_inputs(const ops::Call& call) {
  return call.out.channels >= 8 * ops::attributes_of<ops::Concat>(call).inputs;
}
inline bool has_few_taps(const ops::Call& call) {
  const ops::Window& window = ops::attributes_of<ops::AveragePool>(call).window;
  return window.kernel_h * window.kernel_w <= vectors::kMostTaps;
}

constexpr uint32_t no_scratch(const ops::Call&) { return 0; }
using vectors::conv2d_bits_scratch;
using vectors::conv2d_scratch;
using vectors::dense_scratch;
using vectors::depthwise_scratch;

}  // namespace dimple::kernels
