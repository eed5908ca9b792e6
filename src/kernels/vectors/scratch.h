// What the algorithms of this folder keep in scratch, and how much it is. The bytes of a code, and how many meet in one
// dot product, are those of the layout's weights.
#pragma once
#include "base/memory.h"
#include "format/layout.h"
#include "ops/conv2d/conv2d.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

namespace dimple::kernels::vectors {

inline constexpr int32_t kMostWindowRows = 12;  // of a convolution
inline constexpr int32_t kMostTaps = 64;        // of a window whose mean is made in 16 bits (average_pool.h)
inline constexpr int32_t kBeyond = 64;          // codes that a vector may read behind the last

// The columns that the windows of a row of the output reach, as they lie in scratch.
constexpr int32_t row_codes(const ops::Call& call, const ops::Window& window) {
  return round_up<int32_t>(reached_columns(call, window) * call.in[0].channels + kBeyond, 64);
}

// A pointwise convolution's input is taken in pieces of about half of a small L1, a multiple of every tile's pixels.
constexpr int32_t piece_pixels(int32_t pixel_bytes) {
  constexpr int32_t kPieceBytes = 16 * 1024, kTiles = 12;
  return clamp<int32_t>(kPieceBytes / pixel_bytes / kTiles, 1, 8) * kTiles;
}

template <format::Layout kLayout>
constexpr uint32_t conv2d_scratch(const ops::Call& call) {
  constexpr const format::LayoutInfo& l = info_of(kLayout);
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(call).window;
  const int32_t pixel_bytes = round_up<int32_t>(call.in[0].channels, l.group) * l.weight_bytes;
  return static_cast<uint32_t>(window == ops::Window{} ? piece_pixels(pixel_bytes) * pixel_bytes
                                                       : window.kernel_h * row_codes(call, window) * l.weight_bytes);
}

// The channels of a binary input in the groups that meet in one dot product.
constexpr ops::Call in_groups(const ops::Call& call, int32_t group) {
  ops::Call counted = call;
  counted.in[0].channels /= group;
  return counted;
}

// A group of 8 bits lies in scratch as two places in a table (avx2/bits.h), a larger one as it is.
template <int32_t kBits>
constexpr uint32_t conv2d_bits_scratch(const ops::Call& call) {
  constexpr int32_t kCodeBytes = kBits == 8 ? 2 : kBits / 8;
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(call).window;
  const ops::Call groups = in_groups(call, kBits);
  const int32_t pixel_bytes = groups.in[0].channels * kCodeBytes;
  return static_cast<uint32_t>(window == ops::Window{} ? piece_pixels(pixel_bytes) * pixel_bytes
                                                       : window.kernel_h * row_codes(groups, window) * kCodeBytes);
}

template <format::Layout kLayout>
constexpr uint32_t dense_scratch(const ops::Call& call) {
  constexpr const format::LayoutInfo& l = info_of(kLayout);
  return static_cast<uint32_t>(round_up<int32_t>(ops::elements_of(call.in[0]), l.group) * l.weight_bytes);
}

// Interleaved rows, and a row of zero points.
template <format::Layout kLayout>
constexpr uint32_t depthwise_scratch(const ops::Call& call) {
  constexpr const format::LayoutInfo& l = info_of(kLayout);
  const ops::Window& window = ops::attributes_of<ops::DepthwiseConv2d>(call).window;
  const int32_t mixed = round_up<int32_t>(window.kernel_h, l.group) * l.weight_bytes * row_codes(call, window);
  return static_cast<uint32_t>(mixed + round_up<int32_t>(call.in[0].width * call.in[0].channels, 64));
}

}  // namespace dimple::kernels::vectors
