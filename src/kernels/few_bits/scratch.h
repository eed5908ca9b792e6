// What a kernel keeps in scratch that unpacks weights of few bits (convolve.h), and how much it is:
//
//   weights of some output channels, packed | their outputs, where these are not all channels | the kernel's own
#pragma once
#include "base/memory.h"
#include "format/layout.h"
#include "kernels/chips/scratch.h"
#include "kernels/vectors/scratch.h"
#include "ops/conv2d/conv2d.h"
#include "ops/kernel_call.h"

namespace dimple::kernels::few_bits {

// Bytes of weights that are unpacked at once, at least a block, and pixels that are made of them. Chips, whose windows
// are one product, have little memory.
struct Portion {
  int32_t bytes, pixels;
};
constexpr Portion portion_of(const format::LayoutInfo& l) {
  return l.order == format::Order::window ? Portion{10 * 1024, 64} : Portion{64 * 1024, 256};
}

// Of a packed weight, as format::packed_shape and format::block_bytes have it, in numbers that a chip is quick with.
struct Block {
  int32_t rows = 1, row_length = 0;  // of the weights of an output channel
  int32_t bytes = 0;

  constexpr int32_t channel_weights() const { return rows * row_length; }
};
DIMPLE_INLINE Block block_of(const format::LayoutInfo& l, const ops::Call& call) {
  const ops::Window& window = ops::attributes_of<ops::Conv2d>(call).window;
  Block block{1, window.kernel_w * call.in[0].channels};
  if (l.order == format::Order::product)
    block.rows = window.kernel_h;
  else
    block.row_length *= window.kernel_h;
  const int32_t weights = block.rows * round_up(block.row_length, l.group) * l.lanes;
  block.bytes = static_cast<int32_t>(head_bytes(l)) + round_up<int32_t>(weights * l.weight_bytes, 16);
  return block;
}

struct Plan {
  int32_t channels = 0;  // unpacked at once: whole blocks, or all
  int32_t rows = 0;      // of the output, that are made of them
  int32_t packed_bytes = 0, output_bytes = 0;

  constexpr bool takes_all(const ops::Call& call) const { return channels >= call.out.channels; }
};

DIMPLE_INLINE Plan plan_of(const format::LayoutInfo& l, const ops::Call& call) {
  const Portion portion = portion_of(l);
  const int32_t all = call.out.channels, all_blocks = (all + l.lanes - 1) / l.lanes;
  const int32_t bytes = block_of(l, call).bytes;
  const int32_t blocks = clamp<int32_t>(portion.bytes / bytes, 1, all_blocks);
  Plan plan{min_of(blocks * l.lanes, all), call.out.height, blocks * bytes, 0};
  if (plan.takes_all(call)) return plan;
  plan.rows = min_of(call.out.height, (portion.pixels + call.out.width - 1) / call.out.width);
  plan.output_bytes = round_up<int32_t>(plan.rows * call.out.width * all, 16);
  return plan;
}

// Of the kernel that takes weights in that layout.
template <format::Layout kLayout>
uint32_t scratch_of_kernel(const ops::Call& call) {
  switch (kLayout) {
    case format::Layout::window4x2_s16: return chips::conv2d_two_pixels_scratch(call);
    case format::Layout::window4_s8: return chips::conv2d_four_pixels_scratch(call);
    case format::Layout::window4x16_s8: return chips::conv2d_windows_scratch(call);
    default: return vectors::conv2d_scratch<kLayout>(call);
  }
}

template <format::Layout kLayout>
uint32_t conv2d_scratch(const ops::Call& call) {
  const Plan plan = plan_of(info_of(kLayout), call);
  ops::Call some = call;
  some.out.channels = plan.channels;
  return static_cast<uint32_t>(plan.packed_bytes + plan.output_bytes) + scratch_of_kernel<kLayout>(some);
}

}  // namespace dimple::kernels::few_bits
