// Sum of two tensors of codes, exact, in 32 bits. The reference (add.h) computes, with multipliers m below 2^31,
//   (a * m0 + b * m1 + c) >> shift,   c = 2^(shift - 1) - zero0 * m0 - zero1 * m1
// Each m is split into 16-bit halves, m = 2^16 * h + l, with -2^15 <= l < 2^15 and so 0 <= h < 2^15 for m below
// 2^31 - 2^15; c into c = 2^16 * ch + cl with 0 <= cl < 2^16. For integers floor((2^16 x + y) / 2^n) =
// floor((x + floor(y / 2^16)) / 2^(n - 16)), so with products of pairs
//   ((a * h0 + b * h1 + ch) + ((a * l0 + b * l1 + cl) >> 16)) >> (shift - 16)
// |a|, |b| <= 128: sums of products stay below 2^23 + 2^16, and with a shift of at most 46 |ch| <= 2^29 + 2^24.
//
// Words of W: Sums, kLanes, load_codes(codes), pair(a, b): 16 bits of each in a lane, multiply_pairs(pairs, pairs),
// pack (store_codes.h).
#pragma once
#include "base/fixed_point.h"
#include "kernels/vectors/store_codes.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::vectors {

struct AddHalves {
  int32_t high[2], low[2], constant_high, constant_low;

  explicit AddHalves(const ops::Call& call) {
    int64_t constant = int64_t{1} << (call.shift[0] - 1);
    for (int32_t i = 0; i < 2; ++i) {
      const int32_t m = call.multiplier[i];
      low[i] = static_cast<int16_t>(m & 0xFFFF);
      high[i] = (m - low[i]) >> 16;
      constant -= int64_t{m} * call.in[i].zero_point;
    }
    constant_high = static_cast<int32_t>(constant >> 16), constant_low = static_cast<int32_t>(constant & 0xFFFF);
  }
};

template <class W>
DIMPLE_INLINE void add_s8(const ops::Call& call, ops::Range rows) {
  using Sums = typename W::Sums;
  const AddHalves m(call);
  const Sums zeros{}, high = W::pair(zeros + m.high[0], zeros + m.high[1]),
                      low = W::pair(zeros + m.low[0], zeros + m.low[1]), constant_high = zeros + m.constant_high,
                      constant_low = zeros + m.constant_low, zero_point = zeros + call.out.zero_point;
  const int32_t shift = call.shift[0] - 16;
  const auto* a = static_cast<const int8_t*>(call.in[0].data);
  const auto* b = static_cast<const int8_t*>(call.in[1].data);
  auto* to = static_cast<int8_t*>(call.out.data);
  const auto sum_of = [&](const Sums& x, const Sums& y) {
    const Sums pairs = W::pair(x, y), below = (W::multiply_pairs(pairs, low) + constant_low) >> 16;
    return ((W::multiply_pairs(pairs, high) + constant_high + below) >> shift) + zero_point;
  };
  const ops::Range elements = ops::elements_of(call.out, rows);
  const int32_t count = elements.last - elements.first;
  a += elements.first, b += elements.first, to += elements.first;
  int32_t i = write_vectors<W>(to, count, {call.clamp_low, call.clamp_high, 0},
                               [&](int32_t at) { return sum_of(W::load_codes(a + at), W::load_codes(b + at)); });
  for (; i < count; ++i) {
    const int32_t below = (a[i] * m.low[0] + b[i] * m.low[1] + m.constant_low) >> 16;
    const int32_t sum = (a[i] * m.high[0] + b[i] * m.high[1] + m.constant_high + below) >> shift;
    to[i] = to_s8(sum + call.out.zero_point, call.clamp_low, call.clamp_high);
  }
}

}  // namespace dimple::kernels::vectors
