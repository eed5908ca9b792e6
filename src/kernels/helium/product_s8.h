// The product behind convolutions and dense layers: the codes under the windows of one or two pixels, times four output
// channels at a time. VMLADAVA multiplies sixteen codes by sixteen weights and adds all products to a sum in a core
// register: a tile of 2 pixels x 4 channels is eight of them, for six loads. What is missing to sixteen codes is not
// read, and is zero.
//
// Exact: the sums are the reference's own, moved by what the head's bias takes off again, modulo 2^32; sum_fits bounded
// the sum that comes out.
#pragma once
#include "kernels/chips/head.h"
#include "kernels/helium/simd.h"

namespace dimple::kernels::helium {

inline constexpr int32_t kLanes = 4, kGroup = 16;
using Head = chips::Head<kLanes>;

struct Product {
  const ops::Call& call;
  int32_t codes;  // under a window
  int32_t block_bytes;
  bool narrow;

  DIMPLE_INLINE Product(const ops::Call& c, int32_t window_codes)
      : call(c),
        codes(window_codes),
        block_bytes(static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window_codes, kGroup) * kLanes),
        narrow(chips::all_narrow<kLanes>(c, block_bytes)) {}
};

// What the assembly below is told, in this order.
struct Tile {
  const int8_t* from[2];
  int8_t* to[2];
  int32_t codes, block_bytes;
  const int8_t* end;  // of the first pixel's whole blocks
  int32_t low, high;
};

// Two pixels, as many whole blocks of channels as there are, at least one; shifts are narrow. In assembly, since VMLADAVA
// adds to even registers alone, and eight sums are all of them.
//   r0, r2, r4, r6 and r8, r10, r12, lr sums of each pixel; r1, r3 codes, then to; r5 weights; r9 codes left; r11 head
//   q0, q1 codes, then sums; q2, q3 weights, then of the head; q4, q5 clamps
[[gnu::noinline]] static void write_whole_blocks(Tile* tile, const char* block) {
  register const char* r5 asm("r5") = block;
  asm volatile(
      "ldrd r0, r2, [%[tile], #28]\n"
      "vdup.32 q4, r0\n"
      "vdup.32 q5, r2\n"
      "1:\n"
      "ldrd r0, r2, [r5]\n"
      "ldrd r4, r6, [r5, #8]\n"
      "ldrd r8, r10, [r5]\n"
      "ldrd r12, lr, [r5, #8]\n"
      "ldrd r1, r3, [%[tile]]\n"
      "ldr r9, [%[tile], #16]\n"
      "adds r5, #64\n"
      "2:\n"
      "vctp.8 r9\n"
      "vpstt\n"
      "vldrbt.u8 q0, [r1], #16\n"
      "vldrbt.u8 q1, [r3], #16\n"
      "vldrb.u8 q2, [r5], #16\n"
      "vldrb.u8 q3, [r5], #16\n"
      "vmladava.s8 r0, q0, q2\n"
      "vmladava.s8 r8, q1, q2\n"
      "vmladava.s8 r2, q0, q3\n"
      "vmladava.s8 r10, q1, q3\n"
      "vldrb.u8 q2, [r5], #16\n"
      "vldrb.u8 q3, [r5], #16\n"
      "vmladava.s8 r4, q0, q2\n"
      "vmladava.s8 r12, q1, q2\n"
      "vmladava.s8 r6, q0, q3\n"
      "vmladava.s8 lr, q1, q3\n"
      "subs r9, #16\n"
      "bgt 2b\n"
      "vmov q0[2], q0[0], r0, r4\n"
      "vmov q0[3], q0[1], r2, r6\n"
      "vmov q1[2], q1[0], r8, r12\n"
      "vmov q1[3], q1[1], r10, lr\n"
      "ldr r11, [%[tile], #20]\n"
      "sub r11, r5, r11\n"
      "vldrw.u32 q2, [r11, #16]\n"
      "vldrw.u32 q3, [r11, #32]\n"
      "vmulh.s32 q0, q0, q2\n"
      "vmulh.s32 q1, q1, q2\n"
      "vldrw.u32 q2, [r11, #48]\n"
      "vadd.i32 q0, q0, q3\n"
      "vadd.i32 q1, q1, q3\n"
      "vneg.s32 q2, q2\n"
      "vshl.s32 q0, q0, q2\n"
      "vshl.s32 q1, q1, q2\n"
      "vmax.s32 q0, q0, q4\n"
      "vmax.s32 q1, q1, q4\n"
      "vmin.s32 q0, q0, q5\n"
      "vmin.s32 q1, q1, q5\n"
      "ldrd r1, r3, [%[tile], #8]\n"
      "ldr r9, [%[tile], #24]\n"
      "vstrb.32 q0, [r1], #4\n"
      "vstrb.32 q1, [r3], #4\n"
      "strd r1, r3, [%[tile], #8]\n"
      "cmp r1, r9\n"
      "bne 1b\n"
      : "+&r"(r5)
      : [tile] "r"(tile)
      : "r0", "r1", "r2", "r3", "r4", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "q0", "q1", "q2", "q3", "q4", "q5",
        "cc", "memory");
}

// Channels from this one on of one pixel.
[[gnu::noinline]] static void write_blocks(const Product& p, const int8_t* from, int32_t channel, int8_t* to) {
  const int32_t channels = p.call.out.channels;
  const auto* block = static_cast<const char*>(p.call.weight) + channel / kLanes * p.block_bytes;
  for (; channel < channels; channel += kLanes, block += p.block_bytes) {
    const auto* const head = reinterpret_cast<const Head*>(block);
    const auto* weights = reinterpret_cast<const int8_t*>(head + 1);
    int32_t a = head->bias[0], b = head->bias[1], c = head->bias[2], d = head->bias[3];
    for (int32_t i = 0; i < p.codes; i += kGroup, weights += kGroup * kLanes) {
      const Bytes codes = load_bytes(from + i, p.codes - i);
      a = add_dot(a, codes, load_bytes(weights, kGroup));
      b = add_dot(b, codes, load_bytes(weights + kGroup, kGroup));
      c = add_dot(c, codes, load_bytes(weights + 2 * kGroup, kGroup));
      d = add_dot(d, codes, load_bytes(weights + 3 * kGroup, kGroup));
    }
    const int32_t sums[kLanes]{a, b, c, d}, count = min_of(kLanes, channels - channel);
    if (!p.narrow) {
      chips::write_codes(p.call, sums, channel, count, to + channel);
      continue;
    }
    for (int32_t i = 0; i < count; ++i) {
      const auto high = static_cast<int32_t>(int64_t{sums[i]} * head->multiplier[i] >> 32);
      to[channel + i] = to_s8((high + head->rounding[i]) >> head->shift[i], p.call.clamp_low, p.call.clamp_high);
    }
  }
}

// All channels of two pixels.
DIMPLE_INLINE void write_two(const Product& p, const int8_t* from, int8_t* to) {
  const int32_t channels = p.call.out.channels, wholes = p.narrow ? channels / kLanes * kLanes : 0;
  if (wholes != 0) {
    Tile tile{{from, from + p.codes}, {to, to + channels}, p.codes, p.block_bytes, to + wholes,
              p.call.clamp_low,       p.call.clamp_high};
    write_whole_blocks(&tile, static_cast<const char*>(p.call.weight));
  }
  if (wholes < channels) {
    write_blocks(p, from, wholes, to);
    write_blocks(p, from + p.codes, wholes, to + channels);
  }
}

}  // namespace dimple::kernels::helium
