// A tensor of which only some rows are there at a time. Where its record has fewer bytes than its shape, the step that
// writes it and the one behind it, which alone reads it, take turns: a few rows of the first, those rows of the second
// whose windows lie in them, and so on down the picture. Rows that the next windows still read move to the front.
//
//   rows of the tensor    0 1 2 3 4 5 6 7 ..
//   first turn           [0 1 2 3]              makes 0 .. 3, the reader writes the rows of windows that end in them
//   second turn               [3 4 5 6]         3 has moved to the front, 4 .. 6 are new
//
// Both steps are convolutions: their kernels write the rows that they are given and read what lies under those rows'
// windows. A kernel is shown the tensor as if it were whole, from where its row 0 would lie.
#pragma once
#include "base/fixed_point.h"
#include "format/attributes.h"
#include "format/program.h"
#include "ops/op_list.h"

namespace dimple::format {

constexpr bool may_be_striped(uint32_t op) {
  return op == static_cast<uint32_t>(ops::OpCode::conv2d) || op == static_cast<uint32_t>(ops::OpCode::depthwise_conv2d);
}

// May stand for any tensor of a checked program.
[[gnu::noinline]] inline bool is_striped(const TensorRecord& t) {
  return bytes_of(static_cast<DType>(t.dtype), int64_t{t.height} * t.width * t.channels) != int64_t{t.bytes};
}

// One turn. Rows of the tensor: [kept_first, made_first) are there already and move to the front, [made_first, made_last)
// are made behind them; then the reader writes its rows [out_first, out_last). Row 0 of the tensor would lie `kept_first`
// rows in front of its memory.
struct Turn {
  int32_t kept_first = 0, made_first = 0, made_last = 0, out_first = 0, out_last = 0;
};

struct Stripes {
  int32_t rows_there = 0;                  // of the tensor, at a time
  int32_t reach = 1, stride = 1, pad = 0;  // of the reader's windows, in rows
  int32_t height = 0, out_height = 0;      // of the tensor and of what the reader writes

  // Of the reader, in one turn; less than 1: the tensor's memory is too small.
  constexpr int32_t out_rows() const { return rows_there < reach ? 0 : (rows_there - reach) / stride + 1; }

  // Calls f(turn) from the top to the bottom.
  template <class F>
  constexpr void for_turns(F&& f) const {
    Turn turn;
    for (int32_t done = 0; turn.out_first < out_height; turn.out_first = turn.out_last) {
      turn.out_last = min_of(turn.out_first + out_rows(), out_height);
      const int32_t first = clamp<int32_t>(turn.out_first * stride - pad, 0, height);
      const int32_t last = clamp<int32_t>((turn.out_last - 1) * stride - pad + reach, first, height);
      turn.kept_first = first;
      turn.made_first = clamp(done, first, last);
      turn.made_last = done = last;
      f(turn);
    }
  }
};

// A function of its own: chips hold it once.
[[gnu::noinline]] inline ops::Window striped_window(uint32_t op, const uint32_t* attributes) {
  if (op == static_cast<uint32_t>(ops::OpCode::conv2d)) return load_attributes<ops::Conv2d>(attributes).window;
  return load_attributes<ops::DepthwiseConv2d>(attributes).window;
}

// Of a striped tensor, by the window of the step that reads it.
inline Stripes stripes_of(const TensorRecord& tensor, const ops::Window& window, int32_t out_height) {
  const auto row =  // a tensor is below 2^30
      static_cast<uint32_t>(bytes_of(static_cast<DType>(tensor.dtype), int64_t{tensor.width} * tensor.channels));
  return {static_cast<int32_t>(tensor.bytes / row),
          window.reach_h(),
          window.stride_h,
          window.pad_top,
          tensor.height,
          out_height};
}

}  // namespace dimple::format
