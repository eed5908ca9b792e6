// Convolution of codes with weights of one bit. With a a code less the zero point and w = 2 * bit - 1,
//   sum of a * w  =  2 * (sum of a whose bit is set)  -  sum of a
// and the second sum is the same for all output channels. Both are below the bound of sum_fits: |a| <= 255, and it
// allows weights of 128.
#include "base/bits.h"
#include "base/fixed_point.h"
#include "ops/conv2d/conv2d.h"
#include "ops/kernel_call.h"
#include "ops/window_taps.h"

using namespace dimple;
using namespace dimple::ops;

namespace {

// 32 bits from bit `at` on, of which the first `count` are there.
uint32_t bits_at(const uint32_t* words, int32_t at, int32_t count) {
  const int32_t skipped = at % 32;
  uint32_t bits = words[at / 32] >> skipped;
  if (skipped + count > 32) bits |= words[at / 32 + 1] << (32 - skipped);
  return count < 32 ? bits & ((uint32_t{1} << count) - 1) : bits;
}

// The code where bit `place` is set, else 0.
int32_t where_set(int32_t code, uint32_t bits, int32_t place) {
  return code & static_cast<int32_t>(bits << (31 - place)) >> 31;
}

// Of codes whose bit is set, less their zero points.
int32_t sum_of_set(const int8_t* codes, int32_t zero_point, const uint32_t* words, int32_t at, int32_t count) {
  constexpr int32_t kUnrolled = 8;
  int32_t sum = 0;
  for (int32_t i = 0; i < count; i += 32) {
    const int32_t some = min_of<int32_t>(32, count - i);
    uint32_t bits = bits_at(words, at + i, some);
    sum -= zero_point * popcount(bits);
    const int8_t* code = codes + i;
    const int8_t* const end = code + some;
    for (; end - code >= kUnrolled; code += kUnrolled, bits >>= kUnrolled)
#pragma GCC unroll 8
      for (int32_t k = 0; k < kUnrolled; ++k) sum += where_set(code[k], bits, k);
    for (; code < end; ++code, bits >>= 1) sum += where_set(*code, bits, 0);
  }
  return sum;
}

}  // namespace

extern "C" void conv2d_s8_b1_packed(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<Conv2d>(*call).window;
  const DimpleTensor& in = call->in[0];
  const DimpleTensor& out = call->out;
  const auto* codes = static_cast<const int8_t*>(in.data);
  const auto* words = static_cast<const uint32_t*>(call->weight);
  const auto* bias = static_cast<const int32_t*>(call->bias);
  auto* to = static_cast<int8_t*>(out.data) + elements_of(out, rows).first;

  for_window_positions(window, in, out, rows, [&](const WindowPosition& at) {
    const int32_t step = window.dilation_w == 1 ? at.columns.count() : 1;  // taps that lie side by side
    const int32_t count = step * in.channels;
    const auto for_runs = [&](auto f) {
      for (int32_t ky = at.rows.first; ky < at.rows.last; ++ky)
        for (int32_t kx = at.columns.first; kx < at.columns.last; kx += step)
          f(codes + at.pixel(ky, kx) * in.channels, (ky * window.kernel_w + kx) * in.channels);
    };
    int32_t all = 0;
    for_runs([&](const int8_t* run, int32_t /*first*/) {
      for (int32_t i = 0; i < count; ++i) all += run[i] - in.zero_point;
    });
    for (int32_t oc = 0; oc < out.channels; ++oc) {
      const int32_t channel = oc * window.kernel_h * window.kernel_w * in.channels;
      int32_t set = 0;
      for_runs([&](const int8_t* run, int32_t first) {
        set += sum_of_set(run, in.zero_point, words, channel + first, count);
      });
      const int32_t sum = bias[oc] + 2 * set - all;
      *to++ = to_s8(scale_rounded(sum, call->multiplier[oc], call->shift[oc]) + out.zero_point, call->clamp_low,
                    call->clamp_high);
    }
  });
}
