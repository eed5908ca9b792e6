// Convolutions whose weights are codes with a codebook, or signs, by a kernel of s8 weights: those of some output channels
// at a time are unpacked into scratch, as that kernel wants them, and it runs as if there were no others.
//
// Some rows of the output are made at a time, so that unpacking is paid for by many pixels. They are put together in
// scratch: where the planner lets an output lie over its input, no row is written before all channels have read what its
// window shows.
#pragma once
#include "kernels/chips/codes.h"
#include "kernels/few_bits/scratch.h"
#include "kernels/few_bits/unpack.h"

namespace dimple::kernels {

using format::Layout;

namespace few_bits {

// Channels [first, first + count) of a run of pixels.
[[gnu::noinline]] static void put_channels(const ops::Call& call, ops::Range pixels, int32_t first, int32_t count,
                                           const int8_t* from) {
  const int32_t channels = call.out.channels;
  auto* to = static_cast<int8_t*>(call.out.data) + static_cast<int64_t>(pixels.first) * channels + first;
  for (int32_t pixel = pixels.first; pixel < pixels.last; ++pixel, from += count, to += channels)
    chips::copy_codes(to, from, count);
}

// The call of channels [first, first + count) alone, without their weights.
DIMPLE_INLINE ops::Call call_of_some(const ops::Call& call, int32_t first, int32_t count) {
  ops::Call some = call;
  some.out.channels = count;
  some.bias = static_cast<const int32_t*>(call.bias) + first;
  some.multiplier += first, some.shift += first;
  return some;
}

// kKernel takes weights in kLayout. Weights have so many bits.
template <format::Layout kLayout, ops::Kernel kKernel, class W = OneByOne>
[[gnu::noinline]] static void convolve(const ops::Call& call, ops::Range rows, int32_t bits) {
  const Plan plan = plan_of(format::info_of(kLayout), call);
  const Block block = block_of(format::info_of(kLayout), call);
  auto* const packed = static_cast<uint8_t*>(call.scratch);
  auto* const outputs = reinterpret_cast<int8_t*>(packed + plan.packed_bytes);
  void* const scratch_of_kernel = outputs + plan.output_bytes;
  const int32_t channels = call.out.channels, width = call.out.width;
  const auto run = [&](ops::Call some, int32_t first, ops::Range turn) {
    unpack<kLayout, W>(call, block, bits, first, some.out.channels, packed);
    some.weight = packed, some.scratch = scratch_of_kernel;
    kKernel(&some, turn);
  };
  if (plan.takes_all(call)) return run(call, 0, rows);
  for (ops::Range turn = rows; turn.first < rows.last; turn.first = turn.last) {
    turn.last = min_of(turn.first + plan.rows, rows.last);
    const int32_t pixels = (turn.last - turn.first) * width;
    for (int32_t first = 0; first < channels; first += plan.channels) {
      ops::Call some = call_of_some(call, first, min_of(plan.channels, channels - first));
      some.out.data = outputs + pixels * first - turn.first * width * some.out.channels;
      run(some, first, turn);
    }
    for (int32_t first = 0; first < channels; first += plan.channels)
      put_channels(call, ops::pixels_of(call.out, turn), first, min_of(plan.channels, channels - first),
                   outputs + pixels * first);
  }
}

}  // namespace few_bits
}  // namespace dimple::kernels
