// Depthwise convolution of codes. For each row of the output, kGroup input rows at a time are interleaved into scratch:
// of each code in a row, its own and those below it, side by side. So one dot product takes kGroup taps of a column of
// the window for kLanes channels, from any place of a row, whatever the stride:
//
//   scratch  [window row / kGroup][column and channel][kGroup rows]
//
// A row of scratch has no gaps between pixels; lanes behind the last channel read the next pixel and meet zero weights.
// Borders hold the zero point, so that every pixel takes all taps. Exact as the product is (codes.h).
//
// Words of W beside those of the product: kColumnTile (pixels of a tile), Mixed (vector of codes), interleave(to, rows[],
// border, count): `count` codes of kGroup rows, each from its pointer.
#pragma once
#include "format/layout.h"
#include "kernels/vectors/rescale.h"
#include "kernels/vectors/scratch.h"
#include "kernels/vectors/store_codes.h"

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

// A block of channels on its way along a row. kNarrow: its scales fit 32 bits.
template <class W, bool kNarrow>
struct DepthwiseBlock {
  const DepthwiseRow<W>& row;
  int32_t channel, count;
  const char* weights;
  typename W::Sums bias;
  Rescale<W> rescale;

  DIMPLE_INLINE DepthwiseBlock(const DepthwiseRow<W>& r, int32_t c, const char* block)
      : row(r),
        channel(c),
        count(min_of(W::kLanes, r.call.out.channels - c)),
        weights(block + W::kLanes * 4 * format::kHeadRows),
        bias(Head<W>(block).bias()),
        rescale(Head<W>(block)) {}

  DIMPLE_INLINE typename W::Weights weight(int32_t kx, int32_t group) const {
    return load<typename W::Weights>(weights +
                                     (kx * row.groups + group) * static_cast<int32_t>(sizeof(typename W::Weights)));
  }
  // Codes under column `column` of the input, border included.
  DIMPLE_INLINE typename W::Mixed codes(int32_t group, int32_t column) const {
    return load<typename W::Mixed>(
        row.mixed + (int64_t{group} * row.mixed_codes + column * row.call.out.channels + channel) * W::kGroup);
  }

  DIMPLE_INLINE typename W::Sums rescaled(typename W::Sums sums) const {
    if constexpr (kNarrow) return rescale(sums);
    int32_t lanes[W::kLanes];
    store(lanes, sums);
    rescale_in_64_bits(row.call, channel, count, lanes);
    return load<typename W::Sums>(lanes);
  }

  template <int32_t kPixels>
  DIMPLE_INLINE void put(int32_t x, typename W::Sums (&sums)[kPixels][1]) const {
    const int32_t channels = row.call.out.channels, low = row.call.clamp_low, high = row.call.clamp_high;
    int8_t* const to = row.to + x * channels + channel;
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) sums[i][0] = rescaled(sums[i][0]);
    if (count == W::kLanes)
      store_tile<W>(to, channels, sums, low, high);
    else
      store_part_of_tile<W>(to, channels, sums, low, high, count);
  }

  DIMPLE_INLINE void write_pixel(int32_t x) const {
    typename W::Sums sums[1][1] = {{bias}};
    for (int32_t kx = 0; kx < row.window.kernel_w; ++kx)
      for (int32_t g = 0; g < row.groups; ++g)
        W::dot(sums[0][0], codes(g, x * row.window.stride_w + kx), weight(kx, g));
    put(x, sums);
  }

  // kColumnTile pixels of a window of kColumns columns; each vector of codes is loaded once.
  template <int32_t kColumns, int32_t kStride>
  DIMPLE_INLINE void write_pixels(int32_t x) const {
    constexpr int32_t kPixels = W::kColumnTile;
    typename W::Sums sums[kPixels][1];
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) sums[i][0] = bias;
    for (int32_t g = 0; g < row.groups; ++g) {
      typename W::Weights w[kColumns];
#pragma GCC unroll 8
      for (int32_t kx = 0; kx < kColumns; ++kx) w[kx] = weight(kx, g);
#pragma GCC unroll 16
      for (int32_t column = 0; column < (kPixels - 1) * kStride + kColumns; ++column) {
        const typename W::Mixed a = codes(g, x * kStride + column);
#pragma GCC unroll 8
        for (int32_t i = 0; i < kPixels; ++i) {
          const int32_t kx = column - i * kStride;
          if (kx >= 0 && kx < kColumns) W::dot(sums[i][0], a, w[kx]);
        }
      }
    }
    put(x, sums);
  }
};

// kColumns 0: of any window.
template <int32_t kColumns, int32_t kStride, bool kNarrow = true, class W>
[[gnu::noinline]] static void write_channels(const DepthwiseRow<W>& row, int32_t channel, const char* at) {
  const DepthwiseBlock<W, kNarrow> block(row, channel, at);
  int32_t x = 0;
  if constexpr (kColumns > 0)
    for (; x + W::kColumnTile <= row.call.out.width; x += W::kColumnTile)
      block.template write_pixels<kColumns, kStride>(x);
  for (; x < row.call.out.width; ++x) block.write_pixel(x);
}

template <class W>
DIMPLE_INLINE void write_row_channels(const DepthwiseRow<W>& row, int32_t channel, const char* block) {
  const ops::Window& w = row.window;
  if (W::any_negative(Head<W>(block).shift())) return write_channels<0, 0, false>(row, channel, block);
  if (w.kernel_w == 3 && w.stride_w == 1) return write_channels<3, 1>(row, channel, block);
  if (w.kernel_w == 3 && w.stride_w == 2) return write_channels<3, 2>(row, channel, block);
  if (w.kernel_w == 5 && w.stride_w == 1) return write_channels<5, 1>(row, channel, block);
  if (w.kernel_w == 5 && w.stride_w == 2) return write_channels<5, 2>(row, channel, block);
  write_channels<0, 0>(row, channel, block);
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
      write_row_channels(row, channel, block);
    row.to += call.out.width * call.out.channels;
  }
}

}  // namespace dimple::kernels::vectors
