// Depthwise convolution, a pixel and eight channels at a time: codes and weights are widened to 16 bits as they are
// loaded, and multiplied into two vectors of sums, of the even channels and of the odd ones. A window that reaches over
// the border is copied into scratch, with zero points there.
//
// Exact as the product is (product_s8.h). A sum that is saturated to 16 bits before it is clamped to a code stays on its
// side of every code.
#include "kernels/chips/head.h"
#include "kernels/chips/scratch.h"
#include "kernels/chips/window.h"
#include "kernels/helium/simd.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;
using namespace dimple::kernels::helium;

namespace {

constexpr int32_t kBlock = 8;
using Head = chips::Head<kBlock>;

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

// Up to eight channels of a pixel; what is missing to them is neither read nor written.
[[gnu::noinline]] void write_block(const Depthwise& d, const Place& place, int32_t channel, const Head* head,
                                   int8_t* to) {
  const int32_t channels = d.call.out.channels, count = min_of(kBlock, channels - channel);
  const auto* weights = reinterpret_cast<const int8_t*>(head + 1);
  Words even = load_every_second(head->bias), odd = load_every_second(head->bias + 1);
  const int8_t* column = place.at + channel;
  for (int32_t kx = 0; kx < d.window.kernel_w; ++kx, column += channels) {
    const int8_t* code = column;
    for (int32_t ky = 0; ky < d.window.kernel_h; ++ky, code += place.row_step, weights += kBlock) {
      const Halves codes = widen_codes(code, count), w = widen_codes(weights, kBlock);
      even += multiply_even(codes, w), odd += multiply_odd(codes, w);
    }
  }
  if (!d.narrow) {
    int32_t sums[kBlock];
    store_every_second(sums, even), store_every_second(sums + 1, odd);
    return chips::write_codes(d.call, sums, channel, count, to + channel);
  }
  even = rescale(even, load_every_second(head->multiplier), load_every_second(head->rounding),
                 load_every_second(head->shift));
  odd = rescale(odd, load_every_second(head->multiplier + 1), load_every_second(head->rounding + 1),
                load_every_second(head->shift + 1));
  store_codes(to + channel, clamp_codes(even, odd, d.call.clamp_low, d.call.clamp_high), count);
}

// A pixel's windows of 3 x 3, as many whole blocks of channels as there are, at least one; shifts are narrow.
//   r0, r1, r2 codes of each row; q0, q1 sums; q2 codes; q3 weights; q4, q5 products; q6, q7 clamps
void write_3x3(const Depthwise& d, const Place& place, int32_t blocks, int8_t* to) {
  const int32_t channels = d.call.out.channels, next = kBlock - 2 * channels;
  const auto* block = static_cast<const char*>(d.call.weight);
  register const int8_t* r0 asm("r0") = place.at;
  register const int8_t* r1 asm("r1") = place.at + place.row_step;
  register const int8_t* r2 asm("r2") = place.at + 2 * place.row_step;
  asm volatile(
      "vdup.16 q6, %[low]\n"
      "vdup.16 q7, %[high]\n"
      ".macro dimple_tap row, step\n"
      "vldrb.s16 q2, [\\row]\n"
      "vldrb.s16 q3, [%[block]], #8\n"
      "add \\row, \\step\n"
      "vmullb.s16 q4, q2, q3\n"
      "vmullt.s16 q5, q2, q3\n"
      "vadd.i32 q0, q0, q4\n"
      "vadd.i32 q1, q1, q5\n"
      ".endm\n"
      "1:\n"
      "vld20.32 {q0, q1}, [%[block]]\n"
      "vld21.32 {q0, q1}, [%[block]]!\n"
      "adds %[block], #96\n"
      ".rept 2\n"
      "dimple_tap r0, %[channels]\n"
      "dimple_tap r1, %[channels]\n"
      "dimple_tap r2, %[channels]\n"
      ".endr\n"
      "dimple_tap r0, %[next]\n"
      "dimple_tap r1, %[next]\n"
      "dimple_tap r2, %[next]\n"
      "subs %[block], #168\n"
      "vld20.32 {q2, q3}, [%[block]]\n"
      "vld21.32 {q2, q3}, [%[block]]!\n"
      "vmulh.s32 q0, q0, q2\n"
      "vmulh.s32 q1, q1, q3\n"
      "vld20.32 {q2, q3}, [%[block]]\n"
      "vld21.32 {q2, q3}, [%[block]]!\n"
      "vadd.i32 q0, q0, q2\n"
      "vadd.i32 q1, q1, q3\n"
      "vld20.32 {q2, q3}, [%[block]]\n"
      "vld21.32 {q2, q3}, [%[block]]!\n"
      "vneg.s32 q2, q2\n"
      "vneg.s32 q3, q3\n"
      "vshl.s32 q0, q0, q2\n"
      "vshl.s32 q1, q1, q3\n"
      "vqmovnb.s32 q0, q0\n"
      "vqmovnt.s32 q0, q1\n"
      "vmax.s16 q0, q0, q6\n"
      "vmin.s16 q0, q0, q7\n"
      "adds %[block], #80\n"
      "vstrb.16 q0, [%[to]], #8\n"
      "subs %[blocks], #1\n"
      "bne 1b\n"
      ".purgem dimple_tap\n"
      : "+&r"(r0), "+&r"(r1), "+&r"(r2), [block] "+&l"(block), [to] "+&l"(to), [blocks] "+&r"(blocks)
      : [channels] "r"(channels), [next] "r"(next), [low] "r"(d.call.clamp_low), [high] "r"(d.call.clamp_high)
      : "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "cc", "memory");
}

DIMPLE_INLINE int8_t* copy(int8_t* to, const int8_t* from, int32_t count) {
  for (int32_t i = 0; i < count; i += 16) store_bytes(to + i, load_bytes(from + i, count - i), count - i);
  return to + count;
}
DIMPLE_INLINE int8_t* fill(int8_t* to, const Bytes& codes, int32_t count) {
  for (int32_t i = 0; i < count; i += 16) store_bytes(to + i, codes, count - i);
  return to + count;
}

// A window that shows some of the border. Not dilated.
[[gnu::noinline]] void copy_border(const chips::WindowRow& r, int32_t x, int8_t* to) {
  const Tensor& in = r.in;
  const int32_t left = x * r.window.stride_w - r.window.pad_left;
  const int32_t before = max_of(-left, int32_t{0}), inside = min_of(r.window.kernel_w, in.width - left) - before;
  const Bytes zero_points = sixteen_times(static_cast<int8_t>(in.zero_point));
  for (int32_t ky = 0, row = r.top; ky < r.window.kernel_h; ++ky, ++row) {
    if (row < 0 || row >= in.height || inside <= 0) {
      to = fill(to, zero_points, r.line_codes);
      continue;
    }
    const auto* const line = static_cast<const int8_t*>(in.data) + row * r.row_step;
    to = fill(to, zero_points, before * in.channels);
    to = copy(to, line + (left + before) * in.channels, inside * in.channels);
    to = fill(to, zero_points, (r.window.kernel_w - before - inside) * in.channels);
  }
}

void write_pixel(const Depthwise& d, const Place& place, int8_t* to) {
  const int32_t channels = d.call.out.channels;
  const bool by_three = d.window.kernel_h == 3 && d.window.kernel_w == 3 && d.narrow && channels >= kBlock;
  int32_t channel = 0;
  if (by_three) {
    write_3x3(d, place, channels / kBlock, to);
    channel = channels / kBlock * kBlock;
  }
  const auto* block = static_cast<const char*>(d.call.weight) + channel / kBlock * d.block_bytes;
  for (; channel < channels; channel += kBlock, block += d.block_bytes)
    write_block(d, place, channel, reinterpret_cast<const Head*>(block), to);
}

}  // namespace

extern "C" void depthwise_conv2d_s8_helium(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const int32_t block_bytes =
      static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window.kernel_h * window.kernel_w * kBlock, 16);
  const Depthwise depthwise{*call, window, block_bytes, chips::all_narrow<kBlock>(*call, block_bytes)};
  auto* const copy = static_cast<int8_t*>(call->scratch);
  auto* to = static_cast<int8_t*>(call->out.data) + elements_of(call->out, rows).first;
  for (int32_t y = rows.first; y < rows.last; ++y) {
    const chips::WindowRow windows(*call, window, y);
    for (int32_t x = 0; x < call->out.width; ++x, to += call->out.channels) {
      if (windows.whole(x)) {
        write_pixel(depthwise, {windows.codes(x), windows.row_step}, to);
      } else {
        copy_border(windows, x, copy);
        write_pixel(depthwise, {copy, windows.line_codes}, to);
      }
    }
  }
}
