// Depthwise convolution of codes. For each row of the output, kGroup input rows at a time are interleaved into scratch:
// of each code in a row, its own and those below it, side by side. So one dot product takes kGroup taps of a column of
// the window for kLanes channels, from any place of a row, whatever the stride:
//
//   scratch  [window row / kGroup][column and channel][kGroup rows]
//
// A row of scratch has no gaps between pixels; lanes behind the last channel read the next pixel and meet zero weights.
// Borders hold the zero point, so that every pixel takes all taps. Exact as the product is (product_s8.h).
//
// Words of W beside those of the product: kColumnTile (pixels of a tile), Mixed (vector of codes), interleave(to, rows[],
// border, count): `count` codes of kGroup rows, each from its pointer.
#pragma once
#include "kernels/vectors/rescale.h"
#include "kernels/vectors/scratch.h"

namespace dimple::kernels::vectors {

template <class W>
struct DepthwiseRow {
  const ops::Call& call;
  const ops::Window& window;
  const typename W::Code* mixed;
  int32_t groups, mixed_codes;  // rows of scratch, and codes in each before they are interleaved
  int8_t* to;
};

template <class W>
DIMPLE_INLINE void mix_rows(const ops::Call& call, const ops::Window& window, int32_t top, typename W::Code* to,
                            const int8_t* zeros) {
  const ops::Tensor& in = call.in[0];
  const int32_t codes = row_codes(call, window), columns = reached_columns(call, window);
  const int32_t left = min_of(window.pad_left, columns) * in.channels;
  const int32_t middle = min_of(in.width * in.channels, columns * in.channels - left);
  const typename W::Code border = W::move_code(static_cast<int8_t>(in.zero_point));
  for (int32_t first = 0; first < window.kernel_h; first += W::kGroup, to += codes * W::kGroup) {
    const int8_t* rows[W::kGroup];
    for (int32_t i = 0; i < W::kGroup; ++i) {
      const int32_t y = top + first + i;
      const bool inside = first + i < window.kernel_h && y >= 0 && y < in.height;
      rows[i] = inside ? static_cast<const int8_t*>(in.data) + static_cast<int64_t>(y) * in.width * in.channels : zeros;
    }
    for (int32_t i = 0; i < left * W::kGroup; ++i) to[i] = border;
    if (middle > 0) W::interleave(to + left * W::kGroup, rows, middle);
    for (int32_t i = (left + max_of(middle, 0)) * W::kGroup; i < codes * W::kGroup; ++i) to[i] = border;
  }
}

// kPixels pixels of a block of channels.
template <class W, int32_t kPixels>
DIMPLE_INLINE void write_column_tile(const DepthwiseRow<W>& r, int32_t x, int32_t channel, const char* weights,
                                     const typename W::Sums& bias, const Rescale<W>& rescale, bool narrow) {
  const int32_t channels = r.call.out.channels, count = min_of(W::kLanes, channels - channel);
  const int32_t step = r.window.stride_w * channels * W::kGroup;
  typename W::Sums sums[kPixels];
#pragma GCC unroll 8
  for (int32_t i = 0; i < kPixels; ++i) sums[i] = bias;
  for (int32_t kx = 0; kx < r.window.kernel_w; ++kx)
    for (int32_t g = 0; g < r.groups; ++g, weights += sizeof(typename W::Weights)) {
      const auto w = load<typename W::Weights>(weights);
      const typename W::Code* codes =
          r.mixed + (g * r.mixed_codes + (x * r.window.stride_w + kx) * channels + channel) * W::kGroup;
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) W::dot(sums[i], load<typename W::Mixed>(codes + i * step), w);
    }
  int8_t* const to = r.to + x * channels + channel;
#pragma GCC unroll 8
  for (int32_t i = 0; i < kPixels; ++i) {
    if (narrow) {
      sums[i] = rescale(sums[i]);
    } else {
      int32_t lanes[W::kLanes];
      store(lanes, sums[i]);
      rescale_in_64_bits(r.call, channel, count, lanes);
      sums[i] = load<typename W::Sums>(lanes);
    }
  }
#pragma GCC unroll 8
  for (int32_t i = 0; i < kPixels; ++i) {
    typename W::Sums one[1] = {sums[i]};
    W::store_codes(to + i * channels, one, r.call.clamp_low, r.call.clamp_high, count);
  }
}

template <class W>
[[gnu::noinline]] static void write_channels(const DepthwiseRow<W>& r, int32_t channel, const char* block) {
  const char* weights = block + W::kLanes * 4 * format::kHeadRows;
  const Head<W> head(block);
  const Rescale<W> rescale(head);
  const typename W::Sums bias = head.bias();
  const bool narrow = !W::any_negative(rescale.shift);
  int32_t x = 0;
  for (; x + W::kColumnTile <= r.call.out.width; x += W::kColumnTile)
    write_column_tile<W, W::kColumnTile>(r, x, channel, weights, bias, rescale, narrow);
  for (; x < r.call.out.width; ++x) write_column_tile<W, 1>(r, x, channel, weights, bias, rescale, narrow);
}

template <class W>
DIMPLE_INLINE void convolve_depthwise_s8(const ops::Call& call, ops::Range rows) {
  const ops::Window& window = ops::attributes_of<ops::DepthwiseConv2d>(call).window;
  const int32_t groups = (window.kernel_h + W::kGroup - 1) / W::kGroup, codes = row_codes(call, window);
  auto* const mixed = static_cast<typename W::Code*>(call.scratch);
  auto* const zeros = reinterpret_cast<int8_t*>(mixed + groups * W::kGroup * codes);
  fill_bytes(zeros, call.in[0].zero_point, static_cast<size_t>(call.in[0].width * call.in[0].channels));
  DepthwiseRow<W> row{call,   window, mixed,
                      groups, codes,  static_cast<int8_t*>(call.out.data) + ops::elements_of(call.out, rows).first};
  const int32_t block_bytes =
      W::kLanes * 4 * format::kHeadRows + window.kernel_w * groups * static_cast<int32_t>(sizeof(typename W::Weights));
  for (int32_t y = rows.first; y < rows.last; ++y) {
    mix_rows<W>(call, window, y * window.stride_h - window.pad_top, mixed, zeros);
    const auto* block = static_cast<const char*>(call.weight);
    for (int32_t channel = 0; channel < call.out.channels; channel += W::kLanes, block += block_bytes)
      write_channels(row, channel, block);
    row.to += call.out.width * call.out.channels;
  }
}

}  // namespace dimple::kernels::vectors
