#include "kernels/pack.h"

#include "base/memory.h"

namespace dimple::kernels {
namespace {

using format::LayoutInfo;

// One block on its way into memory.
struct Block {
  const LayoutInfo& layout;
  const ops::Dims& weight;
  int64_t first;  // output channel
  uint8_t* to;

  int64_t channels() const { return min_of<int64_t>(layout.lanes, weight.extent(ops::Axis::out) - first); }
};

// Where weight k of a row of the product lies among the weights of its output channel.
int64_t place(const LayoutInfo& l, const format::PackedShape& shape, int64_t row, int64_t k) {
  return l.order == format::Order::taps ? k * shape.rows + row : row * shape.row_length + k;
}

// Returns the end of what it wrote.
template <class From, class To>
To* pack_weights(const Block& b, const From* from, To* to) {
  const format::PackedShape shape = packed_shape(b.layout, b.weight);
  const int64_t lanes = b.layout.lanes, group = b.layout.group, channels = b.channels();
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t k = 0; k < shape.row_length; k += group, to += lanes * group)
      for (int64_t i = 0; i < min_of(group, shape.row_length - k); ++i) {
        const int64_t at = place(b.layout, shape, row, k + i);
        for (int64_t lane = 0; lane < channels; ++lane)
          to[lane * group + i] = static_cast<To>(from[b.weight.index_of(b.first + lane, at)]);
      }
  return to;
}

int32_t weight_sum(const Block& b, const int8_t* from, int64_t channel) {
  int64_t sum = 0;
  for (int64_t k = 0; k < b.weight.per_channel(); ++k) sum += from[b.weight.index_of(channel, k)];
  return static_cast<int32_t>(sum);
}

// Shifts that 32 bits are enough for.
//
// Scaling::shift: |sum * multiplier| < 2^62, so its upper half is below 2^30; with a shift of at most 54 the zero point
// adds less than 2^29 and the rounding 2^21 (kernels/vectors/rescale.h). Scaling::factor: a factor is a whole number up
// to a shift of 52 (kernels/wasm_simd/simd.h).
constexpr int32_t kSmallestShift = 33;
constexpr int32_t largest_shift(format::Scaling scaling) { return scaling == format::Scaling::factor ? 52 : 54; }

void pack_head(const Block& b, const ops::Call& call) {
  auto* const head = reinterpret_cast<int32_t*>(b.to);
  const int32_t lanes = b.layout.lanes;
  for (int32_t lane = 0; lane < b.channels(); ++lane) {
    const int64_t channel = b.first + lane;
    const auto moved_by = static_cast<uint32_t>(call.in[0].zero_point + b.layout.moved);
    const auto sum = static_cast<uint32_t>(weight_sum(b, static_cast<const int8_t*>(call.weight), channel));
    head[lane] =
        static_cast<int32_t>(static_cast<uint32_t>(static_cast<const int32_t*>(call.bias)[channel]) - moved_by * sum);
    head[lanes + lane] = call.multiplier[channel];
    const int32_t shift = call.shift[channel];
    const bool narrow = shift >= kSmallestShift && shift <= largest_shift(b.layout.scaling);
    int32_t* const row2 = head + 2 * lanes + lane;
    int32_t* const row3 = row2 + lanes;
    if (!narrow) {
      *row2 = 0, *row3 = -1;
    } else if (b.layout.scaling == format::Scaling::factor) {
      *row2 = 1 << (shift - 22), *row3 = 1 << (52 - shift);
    } else {
      *row2 = (1 << (shift - 32)) / 2 + call.out.zero_point * (1 << (shift - 32)), *row3 = shift - 32;
    }
  }
}

}  // namespace

void pack(format::Layout layout, const ops::Dims& weight, const ops::Call& call, void* to) {
  const LayoutInfo& l = info_of(layout);
  if (l.order == format::Order::plain) return;
  const int64_t bytes = block_bytes(l, weight);
  fill_bytes(to, 0, static_cast<size_t>(packed_bytes(layout, weight)));
  for (Block b{l, weight, 0, static_cast<uint8_t*>(to)}; b.channels() > 0; b.first += l.lanes, b.to += bytes) {
    uint8_t* const weights = b.to + head_bytes(l);
    if (l.weight_bytes == 4) {
      copy_bytes(b.to, static_cast<const float*>(call.bias) + b.first, static_cast<size_t>(b.channels()) * 4);
      pack_weights(b, static_cast<const float*>(call.weight), reinterpret_cast<float*>(weights));
    } else {
      pack_head(b, call);
      const auto* from = static_cast<const int8_t*>(call.weight);
      if (l.weight_bytes == 2)
        pack_weights(b, from, reinterpret_cast<int16_t*>(weights));
      else
        pack_weights(b, from, reinterpret_cast<int8_t*>(weights));
    }
  }
}

}  // namespace dimple::kernels
