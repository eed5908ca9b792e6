// The product behind convolutions and dense layers: the codes under the windows of up to four pixels, times four output
// channels at a time. A tile is 4 pixels x 4 channels, whose sums, with four weights and the pointers, fill the 28
// registers: 32 multiplications and additions for 8 loads, which extend signs for nothing. Hence assembly: a compiler
// that is free to reorder 64 products spills half of the sums.
//
// Exact: the sums are the reference's own, moved by what the head's bias takes off again, modulo 2^32; sum_fits bounded
// the sum that comes out.
#pragma once
#include "kernels/rv32/rescale.h"

namespace dimple::kernels::rv32 {

inline constexpr int32_t kLanes = 4, kMostPixels = 4;
using Head = chips::Head<kLanes>;

struct Product {
  const ops::Call& call;
  int32_t codes;  // under a window
  int32_t block_bytes;
  bool narrow;

  DIMPLE_INLINE Product(const ops::Call& c, int32_t window_codes)
      : call(c),
        codes(window_codes),
        block_bytes(static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window_codes * kLanes, 16)),
        narrow(chips::all_narrow<kLanes>(c, block_bytes)) {}
};

// What the assembly below is told, in this order.
struct Tile {
  const int8_t* codes[kMostPixels];
  int8_t* to[kMostPixels];
  const char* block;
  int32_t block_bytes;
  const int8_t *end_of_fours, *end;  // of the first pixel's codes
  int32_t low, high;
  int32_t blocks;  // that are left
};

// As many whole blocks of channels as there are, of two to four pixels; shifts are narrow.
//   a0 tile, a1 weights, a2 .. a5 codes of each pixel, then to; a6, a7, t0, t1 weights; t2 code; t3 product;
//   s0 .. s11, t4 .. t6, ra sums, [pixel][channel]
template <int32_t kPixels>
[[gnu::noinline]] static void write_whole_blocks(Tile* tile) {
  register Tile* a0 asm("a0") = tile;
  asm volatile(
      ".macro dimple_pixel codes, step, s0, s1, s2, s3\n"
      "lb t2, \\step(\\codes)\n"
      "mul t3, t2, a6\n"
      "add \\s0, \\s0, t3\n"
      "mul t3, t2, a7\n"
      "add \\s1, \\s1, t3\n"
      "mul t3, t2, t0\n"
      "add \\s2, \\s2, t3\n"
      "mul t3, t2, t1\n"
      "add \\s3, \\s3, t3\n"
      ".endm\n"
      ".macro dimple_step step\n"
      "lb a6, \\step * 4 + 0(a1)\n"
      "lb a7, \\step * 4 + 1(a1)\n"
      "lb t0, \\step * 4 + 2(a1)\n"
      "lb t1, \\step * 4 + 3(a1)\n"
      "dimple_pixel a2, \\step, s0, s1, s2, s3\n"
      "dimple_pixel a3, \\step, s4, s5, s6, s7\n"
      ".if %[pixels] > 2\n"
      "dimple_pixel a4, \\step, s8, s9, s10, s11\n"
      ".endif\n"
      ".if %[pixels] > 3\n"
      "dimple_pixel a5, \\step, t4, t5, t6, ra\n"
      ".endif\n"
      ".endm\n"
      ".macro dimple_code sum, to, channel\n"
      "mulh \\sum, \\sum, a6\n"
      "add \\sum, \\sum, a7\n"
      "sra \\sum, \\sum, t0\n"
      "bge \\sum, t1, 8f\n"
      "mv \\sum, t1\n"
      "8: bge t2, \\sum, 9f\n"
      "mv \\sum, t2\n"
      "9: sb \\sum, \\channel(\\to)\n"
      ".endm\n"
      "1:\n"
      "lw a1, 32(a0)\n"
      "lw a2, 0(a0)\n"
      "lw a3, 4(a0)\n"
      "lw a4, 8(a0)\n"
      "lw a5, 12(a0)\n"
      "lw s0, 0(a1)\n"
      "lw s1, 4(a1)\n"
      "lw s2, 8(a1)\n"
      "lw s3, 12(a1)\n"
      "mv s4, s0\n"
      "mv s5, s1\n"
      "mv s6, s2\n"
      "mv s7, s3\n"
      "mv s8, s0\n"
      "mv s9, s1\n"
      "mv s10, s2\n"
      "mv s11, s3\n"
      "mv t4, s0\n"
      "mv t5, s1\n"
      "mv t6, s2\n"
      "mv ra, s3\n"
      "addi a1, a1, 64\n"
      "lw t2, 40(a0)\n"
      "beq a2, t2, 3f\n"
      "2:\n"
      "dimple_step 0\n"
      "dimple_step 1\n"
      "dimple_step 2\n"
      "dimple_step 3\n"
      "lw t2, 40(a0)\n"
      "addi a2, a2, 4\n"
      "addi a3, a3, 4\n"
      ".if %[pixels] > 2\n"
      "addi a4, a4, 4\n"
      ".endif\n"
      ".if %[pixels] > 3\n"
      "addi a5, a5, 4\n"
      ".endif\n"
      "addi a1, a1, 16\n"
      "bne a2, t2, 2b\n"
      "3:\n"
      "lw t2, 44(a0)\n"
      "beq a2, t2, 5f\n"
      "4:\n"
      "dimple_step 0\n"
      "lw t2, 44(a0)\n"
      "addi a2, a2, 1\n"
      "addi a3, a3, 1\n"
      "addi a4, a4, 1\n"
      "addi a5, a5, 1\n"
      "addi a1, a1, 4\n"
      "bne a2, t2, 4b\n"
      "5:\n"
      "lw a1, 32(a0)\n"
      "lw a2, 16(a0)\n"
      "lw a3, 20(a0)\n"
      "lw a4, 24(a0)\n"
      "lw a5, 28(a0)\n"
      "lw t1, 48(a0)\n"
      "lw t2, 52(a0)\n"
      "lw a6, 16(a1)\n"
      "lw a7, 32(a1)\n"
      "lw t0, 48(a1)\n"
      "dimple_code s0, a2, 0\n"
      "dimple_code s4, a3, 0\n"
      ".if %[pixels] > 2\n"
      "dimple_code s8, a4, 0\n"
      ".endif\n"
      ".if %[pixels] > 3\n"
      "dimple_code t4, a5, 0\n"
      ".endif\n"
      "lw a6, 20(a1)\n"
      "lw a7, 36(a1)\n"
      "lw t0, 52(a1)\n"
      "dimple_code s1, a2, 1\n"
      "dimple_code s5, a3, 1\n"
      ".if %[pixels] > 2\n"
      "dimple_code s9, a4, 1\n"
      ".endif\n"
      ".if %[pixels] > 3\n"
      "dimple_code t5, a5, 1\n"
      ".endif\n"
      "lw a6, 24(a1)\n"
      "lw a7, 40(a1)\n"
      "lw t0, 56(a1)\n"
      "dimple_code s2, a2, 2\n"
      "dimple_code s6, a3, 2\n"
      ".if %[pixels] > 2\n"
      "dimple_code s10, a4, 2\n"
      ".endif\n"
      ".if %[pixels] > 3\n"
      "dimple_code t6, a5, 2\n"
      ".endif\n"
      "lw a6, 28(a1)\n"
      "lw a7, 44(a1)\n"
      "lw t0, 60(a1)\n"
      "dimple_code s3, a2, 3\n"
      "dimple_code s7, a3, 3\n"
      ".if %[pixels] > 2\n"
      "dimple_code s11, a4, 3\n"
      ".endif\n"
      ".if %[pixels] > 3\n"
      "dimple_code ra, a5, 3\n"
      ".endif\n"
      "addi a2, a2, 4\n"
      "sw a2, 16(a0)\n"
      "addi a3, a3, 4\n"
      "sw a3, 20(a0)\n"
      ".if %[pixels] > 2\n"
      "addi a4, a4, 4\n"
      ".endif\n"
      "sw a4, 24(a0)\n"
      ".if %[pixels] > 3\n"
      "addi a5, a5, 4\n"
      ".endif\n"
      "sw a5, 28(a0)\n"
      "lw t2, 36(a0)\n"
      "lw t3, 56(a0)\n"
      "add a1, a1, t2\n"
      "addi t3, t3, -1\n"
      "sw a1, 32(a0)\n"
      "sw t3, 56(a0)\n"
      "bnez t3, 1b\n"
      ".purgem dimple_pixel\n"
      ".purgem dimple_step\n"
      ".purgem dimple_code\n"
      :
      : "r"(a0), [pixels] "i"(kPixels)
      : "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "s0", "s1", "s2", "s3", "s4", "s5", "s6",
        "s7", "s8", "s9", "s10", "s11", "t4", "t5", "t6", "ra", "memory");
}

// One pixel, or what is left of the channels, or wants more than rescale().
[[gnu::noinline]] static void write_blocks(const Product& p, const int8_t* from, int32_t channel, int8_t* to) {
  const int32_t channels = p.call.out.channels;
  const auto* block = static_cast<const char*>(p.call.weight) + channel / kLanes * p.block_bytes;
  for (; channel < channels; channel += kLanes, block += p.block_bytes) {
    const auto* const head = reinterpret_cast<const Head*>(block);
    const auto* weights = reinterpret_cast<const int8_t*>(head + 1);
    uint32_t sums[kLanes];
    for (int32_t c = 0; c < kLanes; ++c) sums[c] = static_cast<uint32_t>(head->bias[c]);
    for (const int8_t* codes = from; codes < from + p.codes; ++codes, weights += kLanes)
#pragma GCC unroll 4
      for (int32_t c = 0; c < kLanes; ++c) sums[c] += static_cast<uint32_t>(*codes * weights[c]);
    int32_t lanes[kLanes];
    for (int32_t c = 0; c < kLanes; ++c) lanes[c] = static_cast<int32_t>(sums[c]);
    if (p.narrow && channel + kLanes <= channels)
      for (int32_t c = 0; c < kLanes; ++c)
        to[channel + c] = rescale(lanes[c], head->multiplier[c], head->rounding[c], head->shift[c], p.call.clamp_low,
                                  p.call.clamp_high);
    else
      chips::write_codes(p.call, lanes, channel, min_of(kLanes, channels - channel), to + channel);
  }
}

// Pixels of the next tile, of so many that are left: none of one pixel where it can be helped.
constexpr int32_t tile_pixels(int32_t left) { return left >= 7 || left == 4 ? 4 : left >= 5 ? 3 : left; }

// All channels of up to four pixels whose windows lie side by side.
DIMPLE_INLINE void write_tile(const Product& p, int32_t pixels, const int8_t* from, int8_t* to) {
  const int32_t channels = p.call.out.channels;
  int32_t done = 0;
  if (pixels > 1 && p.narrow && channels >= kLanes) {
    Tile tile{{from, from + p.codes, from + p.codes * 2, from + p.codes * 3},
              {to, to + channels, to + channels * 2, to + channels * 3},
              static_cast<const char*>(p.call.weight),
              p.block_bytes,
              from + p.codes / 4 * 4,
              from + p.codes,
              p.call.clamp_low,
              p.call.clamp_high,
              channels / kLanes};
    if (pixels == 4)
      write_whole_blocks<4>(&tile);
    else if (pixels == 3)
      write_whole_blocks<3>(&tile);
    else
      write_whole_blocks<2>(&tile);
    done = channels / kLanes * kLanes;
  }
  if (done < channels)
    for (int32_t i = 0; i < pixels; ++i) write_blocks(p, from + i * p.codes, done, to + i * channels);
}

}  // namespace dimple::kernels::rv32
