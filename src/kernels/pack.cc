#include "kernels/pack.h"

#include "base/memory.h"
#include "kernels/head.h"

namespace dimple::kernels {
namespace {

using format::LayoutInfo;

// One block on its way into memory.
struct Block {
  const LayoutInfo& layout;
  const ops::Dims& weight;
  int64_t first;  // output channel
  uint8_t* to;
  bool are_bits;  // its weights, also where they become codes

  int64_t channels() const { return min_of<int64_t>(layout.lanes, weight.extent(ops::Axis::out) - first); }
};

// Weights of s8, or of bits, which are codes of 1 and -1.
struct Codes {
  const void* from;
  bool are_bits;
  int64_t at = 0;

  Codes operator+(int64_t by) const { return {from, are_bits, at + by}; }
  int8_t operator[](int64_t i) const {
    const auto place = static_cast<uint64_t>(at + i);
    if (!are_bits) return static_cast<const int8_t*>(from)[place];
    return (static_cast<const uint32_t*>(from)[place / 32] >> place % 32 & 1) != 0 ? 1 : -1;
  }
};

// Where weight k of a row of the product lies among the weights of its output channel.
int64_t place(const LayoutInfo& l, const format::PackedShape& shape, int64_t row, int64_t k) {
  return l.order == format::Order::taps ? k * shape.rows + row : row * shape.row_length + k;
}

// One weight of each channel, `step` weights apart, to places a group apart. Adds codes up into `sums`.
template <class To, class From>
void pack_lanes(const Block& b, From from, int64_t step, int64_t to_at, int32_t* sums) {
  auto* to = reinterpret_cast<To*>(b.to + head_bytes(b.layout)) + to_at;
  for (int64_t lane = 0; lane < b.channels(); ++lane, to += b.layout.group) {
    const auto weight = from[lane * step];
    *to = static_cast<To>(weight);
    if constexpr (sizeof(weight) == 1) sums[lane] += weight;
  }
}

// Weights of a channel lie `inner` side by side, then those of the next channel begin (Dims::index_of, without its
// divisions for each weight). Lanes that have no channel keep their zeros.
void pack_weights(const Block& b, const void* weights, int32_t* sums) {
  const Codes codes{weights, b.are_bits};
  const auto* const floats = static_cast<const float*>(weights);
  const format::PackedShape shape = packed_shape(b.layout, b.weight);
  const int64_t group = b.layout.group;
  const int64_t inner = b.weight.stride(ops::Axis::out), outs = b.weight.extent(ops::Axis::out);
  int64_t to = 0;
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t k = 0; k < shape.row_length; k += group, to += b.layout.lanes * group)
      for (int64_t i = 0; i < group && k + i < shape.row_length; ++i) {
        const int64_t of_channel = place(b.layout, shape, row, k + i);
        const int64_t at = of_channel / inner * outs * inner + of_channel % inner + b.first * inner;
        switch (b.layout.weight_bytes) {
          case 1: pack_lanes<int8_t>(b, codes + at, inner, to + i, sums); break;
          case 2: pack_lanes<int16_t>(b, codes + at, inner, to + i, sums); break;
          default: pack_lanes<float>(b, floats + at, inner, to + i, sums);
        }
      }
}

void pack_head(const Block& b, const ops::Call& call, const int32_t* weight_sums) {
  auto* const head = reinterpret_cast<int32_t*>(b.to);
  for (int32_t lane = 0; lane < b.channels(); ++lane)
    write_head(b.layout, call, static_cast<int32_t>(b.first) + lane, weight_sums[lane], head + lane);
}

void pack_codes(const Block& b, const ops::Call& call) {
  constexpr int32_t kMostLanes = 16;
  int32_t sums[kMostLanes]{};  // |weight| <= 128, and sum_fits bounded their number
  pack_weights(b, call.weight, sums);
  pack_head(b, call, sums);
}

// The weights of a channel lie side by side, in words, and so do the product's rows: a group's bytes go over as they are.
void pack_bits(const Block& b, const ops::Call& call) {
  const int32_t no_sums[32]{};
  const int64_t group_bytes = b.layout.group / 8, channel_bytes = b.weight.per_channel() / 8;
  const uint8_t* from = static_cast<const uint8_t*>(call.weight) + b.first * channel_bytes;
  for (int64_t lane = 0; lane < b.channels(); ++lane, from += channel_bytes)
    for (int64_t at = 0; at < channel_bytes; at += group_bytes)
      copy_bytes(b.to + head_bytes(b.layout) + at * b.layout.lanes + lane * group_bytes, from + at,
                 static_cast<size_t>(group_bytes));
  pack_head(b, call, no_sums);
}

void pack_floats(const Block& b, const ops::Call& call) {
  copy_bytes(b.to, static_cast<const float*>(call.bias) + b.first, static_cast<size_t>(b.channels()) * 4);
  pack_weights(b, call.weight, nullptr);
}

}  // namespace

void pack(format::Layout layout, DType type, const ops::Dims& weight, const ops::Call& call, void* to) {
  const LayoutInfo& l = info_of(layout);
  if (l.order == format::Order::plain) return;
  const int64_t bytes = block_bytes(l, weight);
  for (Block b{l, weight, 0, static_cast<uint8_t*>(to), type == DType::b1}; b.channels() > 0;
       b.first += l.lanes, b.to += bytes) {
    fill_bytes(b.to, 0, static_cast<size_t>(bytes));
    switch (l.weight_bytes) {
      case 0: pack_bits(b, call); break;
      case 4: pack_floats(b, call); break;
      default: pack_codes(b, call);
    }
  }
}

}  // namespace dimple::kernels
