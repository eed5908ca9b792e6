// Dense layers whose weights are codes with a codebook: each weight meets one input, so it is looked up where it is used.
//
//   sum of (a - zero_in) * w  =  sum of a * w  -  zero_in * sum of w
//
// modulo 2^32; sum_fits bounded the sum that comes out.
#include "base/fixed_point.h"
#include "kernels/few_bits/unpack.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;

namespace {

struct Sums {
  int32_t of_products = 0, of_weights = 0;  // of a channel alone both fit
};

// `count` inputs, 4 at most.
DIMPLE_INLINE void add_products(few_bits::Bits& bits, const int8_t* entries, const int8_t* codes, int32_t count,
                                Sums& sums) {
  const uint32_t numbers = bits.take(count);
#pragma GCC unroll 4
  for (int32_t i = 0; i < count; ++i) {
    const int32_t weight = entries[bits.code(numbers, i)];
    sums.of_products += codes[i] * weight;
    sums.of_weights += weight;
  }
}

[[gnu::noinline]] void dense(const DimpleCall& call, int32_t width) {
  const Tensor &in = call.in[0], &out = call.out;
  const int32_t inputs = elements_of(in);
  const auto* const codes = static_cast<const int8_t*>(in.data);
  const auto* const bias = static_cast<const int32_t*>(call.bias);
  auto* const to = static_cast<int8_t*>(out.data);
  few_bits::Bits bits(call.weight, 0, width);
  for (int32_t unit = 0; unit < out.channels; ++unit) {
    const int8_t* const entries = codebook_of(call, width, unit);
    Sums sums;
    int32_t i = 0;
    for (; i + 4 <= inputs; i += 4) add_products(bits, entries, codes + i, 4, sums);
    for (; i < inputs; ++i) add_products(bits, entries, codes + i, 1, sums);
    const uint32_t sum = static_cast<uint32_t>(bias[unit]) + static_cast<uint32_t>(sums.of_products) -
                         static_cast<uint32_t>(in.zero_point) * static_cast<uint32_t>(sums.of_weights);
    const int32_t scaled = scale_rounded(static_cast<int32_t>(sum), call.multiplier[unit], call.shift[unit]);
    to[unit] = to_s8(scaled + out.zero_point, call.clamp_low, call.clamp_high);
  }
}

}  // namespace

extern "C" void dense_s8_c4_packed(const DimpleCall* call, DimpleRange rows) {
  if (rows.first < rows.last) dense(*call, 4);
}
extern "C" void dense_s8_c5_packed(const DimpleCall* call, DimpleRange rows) {
  if (rows.first < rows.last) dense(*call, 5);
}
