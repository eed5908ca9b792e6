// Binary convolution on whole words: bits of 32 channels are multiplied and added up at once.
//
// A bit stands for +1 or -1. Where input and weight agree the product is +1, elsewhere -1, so the sum over a word is
//   32 - 2 * (bits that differ)  =  32 - 2 * popcount(a ^ w)
// Taps outside the picture are left out, as if they added 0. |sum| <= 32 * words, and sum_fits bounded bias + sum.
#include "base/bits.h"
#include "base/fixed_point.h"
#include "ops/conv2d/conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

extern "C" void conv2d_b1_packed(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<Conv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const int32_t words = in.channels / 32;  // of a pixel
  const auto* bits = static_cast<const uint32_t*>(in.data);
  const auto* weight = static_cast<const uint32_t*>(call->weight);
  const auto* bias = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<int8_t*>(out.data) + elements_of(out, rows).first;

  for_window_positions(window, in, out, rows, [&](const WindowPosition& at) {
    const int32_t taps = at.rows.count() * at.columns.count();
    const int32_t step = window.dilation_w == 1 ? at.columns.count() : 1;  // taps that lie side by side
    for (int32_t oc = 0; oc < out.channels; ++oc) {
      int32_t different = 0;
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky) {
        for (int32_t kx = at.columns.first; kx < at.columns.last; kx += step) {
          const uint32_t* a = bits + at.pixel(ky, kx) * words;
          const uint32_t* w = weight + ((oc * window.kernel_h + ky) * window.kernel_w + kx) * words;
          for (int32_t i = 0; i < step * words; ++i) different += popcount(a[i] ^ w[i]);
        }
      }
      const int32_t sum = bias[oc] + taps * in.channels - 2 * different;
      *to++ = to_s8(scale_rounded(sum, call->multiplier[oc], call->shift[oc]) + out.zero_point, call->clamp_low,
                    call->clamp_high);
    }
  });
}
