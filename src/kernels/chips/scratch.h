// Which calls kernels of chips take, and what they keep in scratch: the windows of a few pixels, or a slice of a few
// channels. Never whole rows of all channels, since it counts towards the RAM of a chip.
#pragma once
#include "base/memory.h"
#include "ops/conv2d/conv2d.h"
#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

namespace dimple::kernels::chips {

// Codes under a window.
inline int32_t window_codes(const ops::Call& call) {
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(call).window;
  return window.kernel_h * window.kernel_w * call.in[0].channels;
}
// The window of an output pixel is an input pixel: its codes lie side by side where they are.
inline bool is_pixel(const ops::Window& window) { return window == ops::Window{}; }

// Sums of tensors are made 2^kAddMore times as large, so that their upper words are all that counts (add_s8.h).
inline constexpr int32_t kAddMore = 8;
inline bool has_upper_word(const ops::Call& call) {
  return call.shift[0] + kAddMore >= 32 && call.shift[0] + kAddMore <= 54;
}

// kernels/cortex_m_dsp: two pixels in 16 bits, and their windows as they were copied.
constexpr uint32_t two_pixels_scratch(int32_t codes) {
  return static_cast<uint32_t>(round_up<int32_t>(codes, 4)) * 6 + 4;
}
inline uint32_t conv2d_two_pixels_scratch(const ops::Call& call) { return two_pixels_scratch(window_codes(call)); }
constexpr uint32_t dense_two_pixels_scratch(const ops::Call& call) {
  return two_pixels_scratch(ops::elements_of(call.in[0]));
}

// Words of four channels of a column of the window, in 16 bits: pairs of rows, and half as many for the last row of an
// odd number.
constexpr int32_t column_words(const ops::Window& window) { return window.kernel_h * 2; }
// A slice of four channels.
inline uint32_t depthwise_slice_scratch(const ops::Call& call) {
  const ops::Window& window = ops::attributes_of<ops::DepthwiseConv2d>(call).window;
  return static_cast<uint32_t>(reached_columns(call, window) * column_words(window) * 4);
}

// kernels/rv32: the windows of four pixels.
inline uint32_t conv2d_four_pixels_scratch(const ops::Call& call) {
  return is_pixel(ops::attributes_of<ops::Conv2d>(call).window) ? 0 : static_cast<uint32_t>(window_codes(call)) * 4 + 4;
}

// Binary convolutions (convolve_bits.h): tables and counts of sixteen pixels, and their windows.
inline constexpr int32_t kBitLanes = 4, kTilePixels = 16, kTileWords = kTilePixels / 4, kMostBitChannels = 64;

constexpr int32_t bit_channels(const ops::Call& call) {  // that are counted at once
  return min_of(kMostBitChannels, round_up<int32_t>(call.out.channels, kBitLanes));
}
inline uint32_t conv2d_counted_bits_scratch(const ops::Call& call) {
  constexpr int32_t kTableBytes = 16 * 8 * kTilePixels, kCountBytes = 3;
  const int32_t words = window_codes(call) / 32, taps = window_codes(call) / call.in[0].channels;
  return static_cast<uint32_t>(kTableBytes + kTilePixels * (bit_channels(call) * kCountBytes + taps + words * 4));
}

// kernels/helium: the windows of two pixels; that of one, of all channels.
inline uint32_t conv2d_windows_scratch(const ops::Call& call) {
  return is_pixel(ops::attributes_of<ops::Conv2d>(call).window) ? 0 : static_cast<uint32_t>(window_codes(call)) * 2 + 4;
}
inline uint32_t depthwise_window_scratch(const ops::Call& call) {
  const ops::Window& window = ops::attributes_of<ops::DepthwiseConv2d>(call).window;
  return static_cast<uint32_t>(window.kernel_h * window.kernel_w * call.in[0].channels);
}

}  // namespace dimple::kernels::chips
