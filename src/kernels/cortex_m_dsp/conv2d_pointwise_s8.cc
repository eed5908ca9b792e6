// A convolution that looks at one pixel at a time: a product of matrices, [pixels][in] x [in][out].
//
// Tile: 2 pixels x 2 output channels, 4 input channels at a time: 16 products for 4 loads. SXTAB16 widens two codes and
// takes the zero point off in one instruction, SMLAD multiplies two and adds them up.
//
// Exact on every input: |code - zero_point| <= 255 fits 16 bits, and sum_fits bounded the sums of these products in any
// order. A tile stays within its row, since it reads its pixels again for every two output channels: an output may lie
// over rows that were read, and row r + 1 of it over row r of the input.
#include "base/fixed_point.h"
#include "base/memory.h"
#include "kernels/cortex_m_dsp/simd.h"
#include "ops/kernel_call.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels::cortex_m_dsp;

namespace {

uint32_t four_codes(const int8_t* from) {
  uint32_t word;
  copy_bytes(&word, from, sizeof word);
  return word;
}

template <int32_t kPixels, int32_t kChannels>
void write_tile(const Call& call, int32_t pixel, int32_t channel) {
  const int32_t ins = call.in[0].channels, outs = call.out.channels, zero_point = call.in[0].zero_point;
  const auto* a = static_cast<const int8_t*>(call.in[0].data) + pixel * ins;
  const auto* w = static_cast<const int8_t*>(call.weight) + channel * ins;
  const auto* bias = static_cast<const int32_t*>(call.bias) + channel;
  int32_t sums[kPixels][kChannels];
  for (int32_t p = 0; p < kPixels; ++p)
    for (int32_t c = 0; c < kChannels; ++c) sums[p][c] = bias[c];

  const uint32_t less_zero = both(-zero_point);
  int32_t i = 0;
  for (; i + 4 <= ins; i += 4) {
    uint32_t even[kChannels], odd[kChannels];
    for (int32_t c = 0; c < kChannels; ++c) {
      const uint32_t weights = four_codes(w + c * ins + i);
      even[c] = widen_even(weights), odd[c] = widen_odd(weights);
    }
    for (int32_t p = 0; p < kPixels; ++p) {
      const uint32_t codes = four_codes(a + p * ins + i);
      const uint32_t even_codes = widen_even(codes, less_zero), odd_codes = widen_odd(codes, less_zero);
      for (int32_t c = 0; c < kChannels; ++c)
        sums[p][c] = add_products(add_products(sums[p][c], even_codes, even[c]), odd_codes, odd[c]);
    }
  }
  for (; i < ins; ++i)
    for (int32_t p = 0; p < kPixels; ++p)
      for (int32_t c = 0; c < kChannels; ++c) sums[p][c] += (a[p * ins + i] - zero_point) * w[c * ins + i];

  auto* to = static_cast<int8_t*>(call.out.data) + pixel * outs + channel;
  for (int32_t p = 0; p < kPixels; ++p)
    for (int32_t c = 0; c < kChannels; ++c)
      to[p * outs + c] =
          to_s8(scale_rounded(sums[p][c], call.multiplier[channel + c], call.shift[channel + c]) + call.out.zero_point,
                call.clamp_low, call.clamp_high);
}

template <int32_t kPixels>
void write_pixels(const Call& call, int32_t pixel) {
  int32_t channel = 0;
  for (; channel + 2 <= call.out.channels; channel += 2) write_tile<kPixels, 2>(call, pixel, channel);
  if (channel < call.out.channels) write_tile<kPixels, 1>(call, pixel, channel);
}

}  // namespace

extern "C" void conv2d_pointwise_s8_cortex_m_dsp(const DimpleCall* call, DimpleRange rows) {
  for (int32_t y = rows.first; y < rows.last; ++y) {
    const Range pixels = pixels_of(call->out, Range{y, y + 1});
    int32_t pixel = pixels.first;
    for (; pixel + 2 <= pixels.last; pixel += 2) write_pixels<2>(*call, pixel);
    if (pixel < pixels.last) write_pixels<1>(*call, pixel);
  }
}
