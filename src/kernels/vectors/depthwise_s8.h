// Depthwise convolution of codes. For each row of the output, kGroup input rows at a time are interleaved into scratch:
// of each code in a row, its own and those below it, side by side. So one dot product takes kGroup taps of a column of
// the window for kLanes channels, from any place of a row, whatever the stride:
//
//   scratch  [window row / kGroup][column and channel][kGroup rows]
//
// A row of scratch has no gaps between pixels; lanes behind the last channel read the next pixel and meet zero weights.
// Borders hold the zero point, so that every pixel takes all taps. Exact as the product is (codes.h).
//
// Words of W beside those of the product: kColumnTile (pixels of a tile), Mixed (vector of codes),
// interleave(to, rows[], count): `count` codes of kGroup rows, each from its pointer.
#pragma once
#include "format/layout.h"
#include "kernels/vectors/known_windows.h"
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

// By whole vectors: what it writes too much is written again, or lies beyond the row (kBeyond).
template <class Code>
DIMPLE_INLINE void fill_border(Code* to, Code border, int32_t count) {
  constexpr int32_t kCodes = 16 / sizeof(Code);
  using Vector [[gnu::vector_size(16)]] = Code;
  for (int32_t i = 0; i < count; i += kCodes) store(to + i, Vector{} + border);
}

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
    fill_border(to, border, left * W::kGroup);
    if (middle > 0) W::interleave(to + left * W::kGroup, rows, middle);
    const int32_t filled = left + max_of(middle, 0);
    fill_border(to + filled * W::kGroup, border, (columns * in.channels - filled) * W::kGroup);
  }
}

// A block of channels on its way along a row. kNarrow: its scales fit 32 bits.
template <class W, bool kNarrow>
struct DepthwiseBlock {
  const ops::Call& call;
  int32_t channel, channels, count;  // the first, those of a pixel, and how many the block has
  int32_t columns, stride, groups;
  int64_t column_step, group_step;
  const typename W::Code* mixed;
  const char *block, *weights;
  typename W::Sums bias;
  Rescale<W> rescale;
  Ends ends;
  int8_t* to;

  DIMPLE_INLINE DepthwiseBlock(const DepthwiseRow<W>& row, int32_t c, const char* at)
      : call(row.call),
        channel(c),
        channels(row.call.out.channels),
        count(min_of(W::kLanes, channels - c)),
        columns(row.window.kernel_w),
        stride(row.window.stride_w),
        groups(row.groups),
        column_step(channels * W::kGroup),
        group_step(row.mixed_codes * W::kGroup),
        mixed(row.mixed + c * W::kGroup),
        block(at),
        weights(at + W::kLanes * 4 * format::kHeadRows),
        bias(Head<W>(at).bias()),
        rescale(Head<W>(at), row.call.out.zero_point),
        ends(ends_of<W>(row.call)),
        to(row.to + c) {}

  DIMPLE_INLINE typename W::Weights weight(int32_t kx, int32_t group) const {
    return load<typename W::Weights>(weights +
                                     (kx * groups + group) * static_cast<int32_t>(sizeof(typename W::Weights)));
  }

  template <int32_t kPixels>
  DIMPLE_INLINE void put(int32_t x, typename W::Sums (&sums)[kPixels][1]) const {
    if constexpr (kNarrow) {
#pragma GCC unroll 8
      for (int32_t i = 0; i < kPixels; ++i) sums[i][0] = rescale(sums[i][0]);
    } else {
      rescale_tile_in_64_bits<W>(call, channel, sums);
    }
    int8_t* const at = to + x * channels;
    if (count == W::kLanes)
      store_tile<W>(at, channels, sums, ends);
    else
      store_part_of_tile<W>(at, channels, sums, ends, count);
  }

  DIMPLE_INLINE void write_pixel(int32_t x) const {
    typename W::Sums sums[1][1] = {{bias}};
    for (int32_t kx = 0; kx < columns; ++kx) {
      const typename W::Code* codes = mixed + (x * stride + kx) * column_step;
      for (int32_t g = 0; g < groups; ++g, codes += group_step)
        W::dot(sums[0][0], load<typename W::Mixed>(codes), weight(kx, g));
    }
    put(x, sums);
  }

  // kColumnTile pixels of a window of kColumns columns; each vector of codes is loaded once.
  template <int32_t kColumns, int32_t kStride>
  DIMPLE_INLINE void write_pixels(int32_t x) const {
    constexpr int32_t kPixels = W::kColumnTile;
    typename W::Sums sums[kPixels][1];
#pragma GCC unroll 8
    for (int32_t i = 0; i < kPixels; ++i) sums[i][0] = bias;
    const typename W::Code* row = mixed + x * kStride * column_step;
    for (int32_t g = 0; g < groups; ++g, row += group_step) {
      typename W::Weights w[kColumns];
#pragma GCC unroll 8
      for (int32_t kx = 0; kx < kColumns; ++kx) w[kx] = weight(kx, g);
      const typename W::Code* codes = row;
#pragma GCC unroll 32
      for (int32_t column = 0; column < (kPixels - 1) * kStride + kColumns; ++column, codes += column_step) {
        const auto a = load<typename W::Mixed>(codes);
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

// kColumns 0: of any window. Pixels that are left over go into a tile that ends with the last one.
template <int32_t kColumns, int32_t kStride, bool kNarrow = true, class W>
[[gnu::noinline]] static void write_channels(const DepthwiseRow<W>& row, int32_t channel, const char* at) {
  const DepthwiseBlock<W, kNarrow> block(row, channel, at);
  const int32_t width = row.call.out.width;
  if constexpr (kColumns > 0) {
    if (width >= W::kColumnTile) {
      for (int32_t x = 0; x < width; x += W::kColumnTile)
        block.template write_pixels<kColumns, kStride>(min_of(x, width - W::kColumnTile));
      return;
    }
  }
  for (int32_t x = 0; x < width; ++x) block.write_pixel(x);
}

template <class W>
DIMPLE_INLINE void write_row_channels(const DepthwiseRow<W>& row, int32_t channel, const char* block) {
  if (W::any_negative(Head<W>(block).shift())) return write_channels<0, 0, false>(row, channel, block);
  with_known_columns(
      row.window, [&]<int32_t kColumns, int32_t kStride>()
                      __attribute__((always_inline)) { write_channels<kColumns, kStride>(row, channel, block); });
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
