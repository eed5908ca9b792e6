// Depthwise convolution, a pixel and eight channels at a time: codes and weights are widened to 16 bits as they are
// loaded, and multiplied into two vectors of sums, of the even channels and of the odd ones. A window that reaches over
// the border is copied into scratch, with zero points there.
//
// Exact as the product is (product_s8.h). A sum that is saturated to 16 bits before it is clamped to a code stays on its
// side of every code.
#include <arm_mve.h>

#include "kernels/chips/head.h"
#include "kernels/chips/scratch.h"
#include "kernels/chips/window.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;

namespace {

constexpr int32_t kLanes = 8;
using Head = chips::Head<kLanes>;

struct Place {  // of a window's codes
  const int8_t* at;
  int32_t row_step;
};

struct Depthwise {
  const Call& call;
  const Window& window;
  int32_t block_bytes;
  bool narrow;
};

// Keeps the compiler from loading all taps of a window before it multiplies the first: it has eight vectors.
DIMPLE_INLINE void in_this_order() { asm volatile("" ::: "memory"); }

template <bool kAll>
DIMPLE_INLINE int16x8_t load_codes(const int8_t* from, mve_pred16_t there) {
  if constexpr (kAll) return vldrbq_s16(from);
  return vldrbq_z_s16(from, there);
}

// Eight channels of a pixel; unless it is all of them, the rest is neither read nor written.
template <int32_t kRows, int32_t kColumns, bool kAll>
DIMPLE_INLINE void write_block(const Depthwise& d, const Place& place, int32_t channel, const Head* head, int8_t* to) {
  const int32_t channels = d.call.out.channels;
  const int32_t rows = kRows != 0 ? kRows : d.window.kernel_h, columns = kColumns != 0 ? kColumns : d.window.kernel_w;
  const auto* weights = reinterpret_cast<const int8_t*>(head + 1);
  const mve_pred16_t there = kAll ? mve_pred16_t{0xFFFF} : vctp16q(static_cast<uint32_t>(channels - channel));
  int32x4x2_t sums = vld2q_s32(head->bias);
  const int8_t* column = place.at + channel;
#pragma GCC unroll 3
  for (int32_t kx = 0; kx < columns; ++kx, column += channels) {
    const int8_t* code = column;
#pragma GCC unroll 3
    for (int32_t ky = 0; ky < rows; ++ky, code += place.row_step, weights += kLanes) {
      const int16x8_t codes = load_codes<kAll>(code, there), w = vldrbq_s16(weights);
      sums.val[0] = vaddq_s32(sums.val[0], vmullbq_int_s16(codes, w));
      sums.val[1] = vaddq_s32(sums.val[1], vmulltq_int_s16(codes, w));
      in_this_order();
    }
  }
  if (!d.narrow) {
    int32_t lanes[kLanes];
    vst2q_s32(lanes, sums);
    return chips::write_codes(d.call, lanes, channel, min_of(kLanes, channels - channel), to + channel);
  }
  const int32x4x2_t multiplier = vld2q_s32(head->multiplier);
  sums.val[0] = vmulhq_s32(sums.val[0], multiplier.val[0]), sums.val[1] = vmulhq_s32(sums.val[1], multiplier.val[1]);
  in_this_order();
  const int32x4x2_t rounding = vld2q_s32(head->rounding);
  sums.val[0] = vaddq_s32(sums.val[0], rounding.val[0]), sums.val[1] = vaddq_s32(sums.val[1], rounding.val[1]);
  in_this_order();
  const int32x4x2_t shift = vld2q_s32(head->shift);
  sums.val[0] = vshlq_s32(sums.val[0], vnegq_s32(shift.val[0]));
  sums.val[1] = vshlq_s32(sums.val[1], vnegq_s32(shift.val[1]));
  int16x8_t codes = vqmovnbq_s32(vuninitializedq_s16(), sums.val[0]);
  codes = vqmovntq_s32(codes, sums.val[1]);
  codes = vmaxq_s16(codes, vdupq_n_s16(static_cast<int16_t>(d.call.clamp_low)));
  codes = vminq_s16(codes, vdupq_n_s16(static_cast<int16_t>(d.call.clamp_high)));
  if constexpr (kAll)
    vstrbq_s16(to + channel, codes);
  else
    vstrbq_p_s16(to + channel, codes, there);
}

template <int32_t kRows, int32_t kColumns>
DIMPLE_INLINE void write_pixel(const Depthwise& d, const Place& place, int8_t* to) {
  const int32_t channels = d.call.out.channels;
  const auto* block = static_cast<const char*>(d.call.weight);
  int32_t channel = 0;
  for (; channel + kLanes <= channels; channel += kLanes, block += d.block_bytes)
    write_block<kRows, kColumns, true>(d, place, channel, reinterpret_cast<const Head*>(block), to);
  if (channel < channels)
    write_block<kRows, kColumns, false>(d, place, channel, reinterpret_cast<const Head*>(block), to);
}

}  // namespace

extern "C" void depthwise_conv2d_s8_helium(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const Tensor& in = call->in[0];
  const int32_t block_bytes =
      static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window.kernel_h * window.kernel_w * kLanes, 16);
  const Depthwise depthwise{*call, window, block_bytes, chips::all_narrow<kLanes>(*call, block_bytes)};
  const chips::Windows windows(in, window);
  auto* const copy = static_cast<int8_t*>(call->scratch);
  const bool by_three = window.kernel_h == 3 && window.kernel_w == 3;
  auto* to = static_cast<int8_t*>(call->out.data) + elements_of(call->out, rows).first;
  for (int32_t y = rows.first; y < rows.last; ++y)
    for (int32_t x = 0; x < call->out.width; ++x, to += call->out.channels) {
      Place place{copy, windows.line_codes};
      if (windows.shows_input_alone(y, x))
        place = {windows.first_code(y, x), windows.row_step};
      else
        chips::copy_window_by_taps(windows, y * window.stride_h - window.pad_top, x * window.stride_w - window.pad_left,
                                   copy);
      if (by_three)
        write_pixel<3, 3>(depthwise, place, to);
      else
        write_pixel<0, 0>(depthwise, place, to);
    }
}
