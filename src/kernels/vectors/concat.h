// The channels of several inputs one after the other. Of each pixel runs of an input's channels are copied, or rescaled where
// scales differ. Nothing lies over an input, so the last vector of a run begins earlier and writes some codes twice.
//
// A code's distance from its zero point has 9 bits: moved by 8 it stays below 2^16, and its scale (rescale.h) wants a shift of
// 25 to 46.
//
// Words of W: kBytes; those of Rescale, load_codes(codes), pack and store_some (store_codes.h).
#pragma once
#include "kernels/vectors/channels.h"
#include "kernels/vectors/rescale.h"
#include "ops/concat/concat.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

// From the codes of one input to those of the output.
template <class W>
struct CodeScale {
  using Sums = typename W::Sums;
  int32_t zero_in, zero_out, factor, by;
  Scale<W> scale;
  Ends ends;

  DIMPLE_INLINE CodeScale(const ops::Call& call, int32_t input)
      : zero_in(call.in[input].zero_point),
        zero_out(call.out.zero_point),
        factor(call.multiplier[input]),
        by(call.shift[input]),
        scale(Sums{} + factor, by - 24, zero_out),
        ends{call.clamp_low, call.clamp_high, 0} {}

  DIMPLE_INLINE bool keeps_codes() const { return factor == 1 << 30 && by == 30 && zero_in == zero_out; }

  DIMPLE_INLINE Sums of(const int8_t* codes) const { return scale((W::load_codes(codes) - zero_in) << 8); }

  DIMPLE_INLINE void write(const int8_t* from, int8_t* to, int32_t count) const {
    int32_t i = write_vectors<W>(to, count, ends, [&](int32_t at) { return of(from + at); });
    if (i < count && count >= W::kLanes) {
      i = count - W::kLanes;
      W::store_some(to + i, of(from + i), ends, W::kLanes);
      return;
    }
    for (; i < count; ++i) to[i] = to_s8(scale_rounded(from[i] - zero_in, factor, by) + zero_out, ends.low, ends.high);
  }
};

// Pixels of few channels: of several at once, on the way to their places.
template <class W>
DIMPLE_INLINE void write_narrow(const CodeScale<W>& scale, const int8_t* from, int32_t channels, int8_t* to,
                                int32_t step, int32_t pixels) {
  constexpr int32_t kPiece = 4 * W::kLanes;
  int8_t codes[kPiece];
  const int32_t at_once = kPiece / channels;
  for (int32_t pixel = 0; pixel < pixels; pixel += at_once) {
    const int32_t count = min_of(at_once, pixels - pixel);
    scale.write(from + pixel * channels, codes, count * channels);
    for (int32_t i = 0; i < count; ++i) copy_channels<W>(codes + i * channels, to + (pixel + i) * step, channels);
  }
}

// Calls f(input, first channel of the output).
template <class F>
DIMPLE_INLINE void for_inputs(const ops::Call& call, F&& f) {
  int32_t first = 0;
  for (int32_t input = 0; input < ops::attributes_of<ops::Concat>(call).inputs; ++input) {
    f(input, first);
    first += call.in[input].channels;
  }
}

template <class W>
DIMPLE_INLINE void concat_s8(const ops::Call& call, ops::Range rows) {
  const ops::Range pixels = ops::pixels_of(call.out, rows);
  const int32_t count = pixels.last - pixels.first, step = call.out.channels;
  for_inputs(
      call, [&](int32_t input, int32_t first) __attribute__((always_inline)) {
        const int32_t channels = call.in[input].channels;
        const CodeScale<W> scale(call, input);
        const auto* from = static_cast<const int8_t*>(call.in[input].data) + pixels.first * channels;
        auto* to = static_cast<int8_t*>(call.out.data) + pixels.first * step + first;
        if (scale.keeps_codes())
          for (int32_t i = 0; i < count; ++i) copy_channels<W>(from + i * channels, to + i * step, channels);
        else if (channels < W::kLanes)
          write_narrow(scale, from, channels, to, step, count);
        else
          for (int32_t i = 0; i < count; ++i) scale.write(from + i * channels, to + i * step, channels);
      });
}

template <class W>
DIMPLE_INLINE void concat_f32(const ops::Call& call, ops::Range rows) {
  const ops::Range pixels = ops::pixels_of(call.out, rows);
  for_inputs(
      call, [&](int32_t input, int32_t first) __attribute__((always_inline)) {
        const int32_t channels = call.in[input].channels, step = call.out.channels;
        const auto* from = static_cast<const float*>(call.in[input].data);
        auto* to = static_cast<float*>(call.out.data) + first;
        for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel)
          copy_channels<W>(from + pixel * channels, to + pixel * step, channels);
      });
}

}  // namespace dimple::kernels::vectors
