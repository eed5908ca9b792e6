// A convolution that looks at one pixel at a time: a product of matrices, [pixels][in] x [in][out].
//
// Tile: 4 pixels x 8 output channels. The codes of the 4 pixels, less their zero point, are first written to scratch in
// 16 bits and filled up with zeros to whole groups of 4; then every block of output channels reads them from there. So a
// tile's input is read before its first output is written, and a tile may reach into the next row.
//
// Exact on every input: |code - zero_point| <= 255 and |weight| <= 128, so two products side by side stay below 2^16;
// what is added up are the reference's own products, and sum_fits bounded those in any order. Bytes times bytes
// (maddubs) would saturate at 2 * 128 * 128, which a program may hold, and need as many instructions: 4 for 32 products
// with the sign moved from code to weight, against 2 for 16 here.
#include "base/fixed_point.h"
#include "kernels/avx2/rescale.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels::avx2;

namespace {

constexpr int32_t kBlock = 8, kGroup = 4;  // of the layout out8_in4

DIMPLE_INLINE void widen_pixel(const int8_t* from, int32_t channels, int32_t zero_point, int16_t* to) {
  const S16x16 zero = S16x16{} + static_cast<int16_t>(zero_point);
  int32_t i = 0;
  for (; i + 16 <= channels; i += 16) store(to + i, widen(load<S8x16>(from + i)) - zero);
  for (; i < channels; ++i) to[i] = static_cast<int16_t>(from[i] - zero_point);
  for (; i % kGroup != 0; ++i) to[i] = 0;
}

// Output channels [channel, channel + 8) of kPixels pixels; `weight` is theirs.
template <int32_t kPixels>
DIMPLE_INLINE void write_block(const Call& call, const int16_t* wide, const int8_t* weight, int32_t groups,
                               int32_t channel, int8_t* to) {
  S32x8 low[kPixels]{}, high[kPixels]{};  // pairs of sums: of output channels 0 .. 3, and 4 .. 7
  for (int32_t group = 0; group < groups; ++group, weight += kBlock * kGroup) {
    const S16x16 w_low = widen(load<S8x16>(weight)), w_high = widen(load<S8x16>(weight + 16));
    for (int32_t p = 0; p < kPixels; ++p) {
      const S16x16 a = spread4(wide + (p * groups + group) * kGroup);
      low[p] += multiply_pairs(a, w_low);
      high[p] += multiply_pairs(a, w_high);
    }
  }
  const int32_t count = min_of(kBlock, call.out.channels - channel);
  const S32x8 bias = load_some(static_cast<const int32_t*>(call.bias) + channel, count, 0);
  const Rescale rescale(call, channel, count);
  for (int32_t p = 0; p < kPixels; ++p)
    store_some(to + p * call.out.channels, rescale(add_neighbours(low[p], high[p]) + bias), count);
}

template <int32_t kPixels>
void write_tile(const Call& call, int32_t pixel) {
  const int32_t ins = call.in[0].channels, outs = call.out.channels, groups = (ins + kGroup - 1) / kGroup;
  const auto* codes = static_cast<const int8_t*>(call.in[0].data) + pixel * ins;
  const auto* weight = static_cast<const int8_t*>(call.weight);
  auto* wide = static_cast<int16_t*>(call.scratch);
  auto* to = static_cast<int8_t*>(call.out.data) + pixel * outs;
  for (int32_t p = 0; p < kPixels; ++p)
    widen_pixel(codes + p * ins, ins, call.in[0].zero_point, wide + p * groups * kGroup);
  for (int32_t channel = 0; channel < outs; channel += kBlock)
    write_block<kPixels>(call, wide, weight + channel * groups * kGroup, groups, channel, to + channel);
}

}  // namespace

extern "C" void conv2d_pointwise_s8_avx2(const DimpleCall* call, DimpleRange rows) {
  const Range pixels = pixels_of(call->out, rows);
  int32_t pixel = pixels.first;
  for (; pixel + 4 <= pixels.last; pixel += 4) write_tile<4>(*call, pixel);
  for (; pixel < pixels.last; ++pixel) write_tile<1>(*call, pixel);
}
