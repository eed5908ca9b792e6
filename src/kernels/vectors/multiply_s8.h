// Product of two tensors of codes, the second spread over pixels or channels. |code - zero point| <= 255, so a product
// stays below 2^16; its scale is applied as in rescale.h, which wants a shift of 33 to 54.
//
// Words of W beside those of Rescale: load_codes(codes), pair(a, b), multiply_pairs(pairs, pairs), pack (store_codes.h).
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/rescale.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

template <class W>
struct Multiplication {
  using Sums = typename W::Sums;
  const ops::Call& call;
  Scale<W> scale;
  Sums zero0, zero1;

  DIMPLE_INLINE explicit Multiplication(const ops::Call& c)
      : call(c),
        scale(Sums{} + c.multiplier[0], c.shift[0] - 32, c.out.zero_point),
        zero0(Sums{} + c.in[0].zero_point),
        zero1(Sums{} + c.in[1].zero_point) {}

  // kStep 0: one factor for all elements.
  template <int32_t kStep>
  DIMPLE_INLINE Sums scaled(const int8_t* a, const int8_t* b) const {
    const Sums factor = (kStep == 0 ? Sums{} + *b : W::load_codes(b)) - zero1;
    return scale(W::multiply_pairs(W::pair(W::load_codes(a) - zero0, Sums{}), factor));
  }

  template <int32_t kStep>
  DIMPLE_INLINE void run(const int8_t* a, const int8_t* b, int8_t* to, int32_t count) const {
    int32_t i = write_vectors<W>(to, count, {call.clamp_low, call.clamp_high, 0},
                                 [&](int32_t at) { return scaled<kStep>(a + at, b + at * kStep); });
    for (; i < count; ++i) {
      const int32_t product = (a[i] - call.in[0].zero_point) * (b[i * kStep] - call.in[1].zero_point);
      to[i] = to_s8(scale_rounded(product, call.multiplier[0], call.shift[0]) + call.out.zero_point, call.clamp_low,
                    call.clamp_high);
    }
  }
};

template <class W>
DIMPLE_INLINE void multiply_s8(const ops::Call& call, ops::Range rows) {
  const Multiplication<W> product(call);
  const ops::Tensor &out = call.out, &factor = call.in[1];
  const bool one_pixel = factor.height * factor.width == 1, one_channel = factor.channels == 1 && out.channels > 1;
  // Runs that a factor, or a row of factors, is for: all pixels at once, or pixel by pixel.
  const ops::Range pixels = ops::pixels_of(out, rows);
  const int32_t run = one_pixel == one_channel ? pixels.last - pixels.first : 1, count = run * out.channels;
  const int32_t step = one_pixel ? 0 : run * factor.channels;
  const auto* a = static_cast<const int8_t*>(call.in[0].data) + pixels.first * out.channels;
  const auto* b = static_cast<const int8_t*>(factor.data) + (one_pixel ? 0 : pixels.first * factor.channels);
  auto* to = static_cast<int8_t*>(out.data) + pixels.first * out.channels;
  for (int32_t pixel = pixels.first; pixel < pixels.last; pixel += run, a += count, b += step, to += count) {
    if (one_channel)
      product.template run<0>(a, b, to, count);
    else
      product.template run<1>(a, b, to, count);
  }
}

}  // namespace dimple::kernels::vectors
