// How a kernel wants the weights of a step. A program says it for each step: `plain`, the graph's own order, runs on
// every machine, which packs weights once, when the program is opened; a program for a chip is packed ahead of time.
//
// A packed weight is a list of blocks, one for every `lanes` output channels, whose sums come out together. Weights
// that meet the same sums stand side by side, `group` at a time, filled up with zeros:
//
//   block    [head][weights], each on a boundary of 16 bytes
//   product  weights are [window row][column and input channel / group][lanes][group]: a row of the window is one
//            product. A weight without rows (dense) is one row
//   window   weights are [window row, column and input channel / group][lanes][group]: the whole window is one product
//   taps     weights are [window column][window row / group][lanes][group]: of a depthwise convolution
//   head     of codes and bits: PackedHead, in which the bias knows what codes were moved by; of floats: the bias
//
// `moved`: what a kernel adds to the input's codes before it multiplies them.
#pragma once
#include "base/memory.h"
#include "ops/parameters.h"

namespace dimple::format {

enum class Order : uint8_t { plain, product, window, taps };
enum class Scaling : uint8_t { none, shift, factor };  // of sums, in the head

struct LayoutInfo {
  const char* name;
  Order order;
  int32_t lanes, group;
  int32_t weight_bytes;  // 0: bits, 1: s8, 2: s8 in 16 bits, 4: f32
  int32_t moved;
  Scaling scaling;
};

// name, order, lanes, group, bytes of a weight, moved, scaling
#define DIMPLE_LAYOUTS(X)                              \
  X(plain, plain, 0, 0, 0, 0, none)                    \
  X(out8_in2_s16, product, 8, 2, 2, 0, shift)          \
  X(tap8x2_s16, taps, 8, 2, 2, 0, shift)               \
  X(out16_in4_u8, product, 16, 4, 1, 128, shift)       \
  X(tap16x4_u8, taps, 16, 4, 1, 128, shift)            \
  X(out8_f32, product, 8, 1, 4, 0, none)               \
  X(out16_f32, product, 16, 1, 4, 0, none)             \
  X(out8_in4_s8, product, 8, 4, 1, 0, shift)           \
  X(tap8x4_s8, taps, 8, 4, 1, 0, shift)                \
  X(out8_in2_s16_factor, product, 8, 2, 2, 0, factor)  \
  X(tap8x2_s16_factor, taps, 8, 2, 2, 0, factor)       \
  X(out8_in1_s16, product, 8, 1, 2, 0, shift)          \
  X(tap8x1_s16, taps, 8, 1, 2, 0, shift)               \
  X(window4x2_s16, window, 4, 2, 2, 0, shift)          \
  X(tap4x2_s16, taps, 4, 2, 2, 0, shift)               \
  X(window4_s8, window, 4, 1, 1, 0, shift)             \
  X(tap1_s8, taps, 1, 1, 1, 0, shift)                  \
  X(window4x16_s8, window, 4, 16, 1, 0, shift)         \
  X(tap8_s8, taps, 8, 1, 1, 0, shift)                  \
  X(out32_in8_b1, product, 32, 8, 0, 0, shift)         \
  X(out16_in32_b1, product, 16, 32, 0, 0, shift)       \
  X(window4x4_s8, window, 4, 4, 1, 0, shift)           \
  X(tap4x4_s8, taps, 4, 4, 1, 0, shift)                \
  X(out16_in8_b1, product, 16, 8, 0, 0, shift)         \
  X(out16_in8_b1_factor, product, 16, 8, 0, 0, factor) \
  X(window4x32_b1, window, 4, 32, 0, 0, shift)         \
  X(out8_in4_u8, product, 8, 4, 1, 128, shift)         \
  X(tap8x4_u8, taps, 8, 4, 1, 128, shift)

enum class Layout : uint8_t {
#define DIMPLE_X(name, ...) name,
  DIMPLE_LAYOUTS(DIMPLE_X)
#undef DIMPLE_X
};

inline constexpr LayoutInfo kLayouts[] = {
#define DIMPLE_X(name, order, lanes, group, weight_bytes, moved, scaling) \
  {#name, Order::order, lanes, group, weight_bytes, moved, Scaling::scaling},
    DIMPLE_LAYOUTS(DIMPLE_X)
#undef DIMPLE_X
};
inline constexpr uint32_t kLayoutCount = sizeof kLayouts / sizeof kLayouts[0];

constexpr const LayoutInfo& info_of(Layout layout) { return kLayouts[static_cast<size_t>(layout)]; }
constexpr const char* name_of(Layout layout) {
  return static_cast<uint32_t>(layout) < kLayoutCount ? info_of(layout).name : "?";
}

// What stands in front of the weights of a block of codes, `lanes` numbers each:
//   bias        less (zero point + moved) * the sum of the channel's weights, so that a kernel multiplies codes as they
//               are; modulo 2^32, as the sums that it is added to
//   multiplier  of the fixed-point scale
// and for a vector's own shift in each lane, or where one shift is for all lanes (Scaling::factor):
//   rounding    2^(shift - 33) + (zero point of the output << shift - 32)        limit     2^(shift - 22)
//   shift       less 32                                                          factor    2^(52 - shift)
// The last is -1 where the scale has to be applied in 64 bits (kernels/vectors/rescale.h, kernels/wasm_simd/simd.h).
inline constexpr int32_t kHeadRows = 4;

constexpr int64_t head_bytes(const LayoutInfo& l) {
  return round_up<int64_t>(int64_t{l.lanes} * 4 * (l.weight_bytes == 4 ? 1 : kHeadRows), 16);
}

// The weights of an output channel: `rows` products of `row_length` each.
struct PackedShape {
  int64_t rows = 0, row_length = 0;
};
constexpr PackedShape packed_shape(const LayoutInfo& l, const ops::Dims& weight) {
  if (l.order == Order::window) return {1, weight.per_channel()};
  const int64_t rows = weight.extent(l.order == Order::taps ? ops::Axis::column : ops::Axis::row);
  return {rows, weight.per_channel() / rows};
}

constexpr int64_t block_bytes(const LayoutInfo& l, const ops::Dims& weight) {
  const PackedShape shape = packed_shape(l, weight);
  const int64_t weights = shape.rows * round_up<int64_t>(shape.row_length, l.group) * l.lanes;
  return head_bytes(l) + round_up<int64_t>(l.weight_bytes == 0 ? weights / 8 : weights * l.weight_bytes, 16);
}

// Of a weight with these axes. Plain is not packed.
constexpr int64_t packed_bytes(Layout layout, const ops::Dims& weight) {
  const LayoutInfo& l = info_of(layout);
  if (l.order == Order::plain) return 0;
  return (weight.extent(ops::Axis::out) + l.lanes - 1) / l.lanes * block_bytes(l, weight);
}

}  // namespace dimple::format
