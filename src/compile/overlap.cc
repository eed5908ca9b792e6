// What kernels promise: output rows are written from top to bottom, and while row r is being written, nothing is read
// but the input rows under its window, [r * stride - pad, r * stride - pad + kernel). Element-wise kernels (kInPlace in
// the operator's header) work in place, on every input that is no smaller than the output: a factor that is spread over
// a product is read again and again.
//
// Row r's bytes end at out + (r + 1) * out_row. The first input byte that is still needed while they are being written
// is the start of the window's first row, in + max(0, r * stride - pad) * in_row. So no needed byte is lost if for
// every r
//
//     out + (r + 1) * out_row  <=  in + max(0, r * stride - pad) * in_row
//
// that is, out + d <= in with d = max over r of ((r + 1) * out_row - max(0, r * stride - pad) * in_row). Rows whose
// window holds no input at all (the lower border of a pad) need nothing, and set no limit. d is at least out_row: an
// output cannot start at or above its input. From d = all output bytes on, sharing gains nothing over lying apart.
//
// Left apart: dense and the global pools (each output needs the whole input), concat (several inputs, none of which is
// where its part of the output would be), dequantise and quantise (the element size changes, and nothing is promised
// about the order within a row).
#include "compile/overlap.h"

#include <algorithm>
#include <type_traits>

#include "ops/traits.h"

namespace dimple::compile {
namespace {

int64_t row_bytes(const ir::ValueType& t) { return bytes_of(t.dtype, int64_t{t.shape.width} * t.shape.channels); }

std::optional<int64_t> row_distance(ops::RowStep step, const ir::ValueType& in, const ir::ValueType& out) {
  const int64_t out_row = row_bytes(out), in_row = row_bytes(in);
  int64_t distance = 0;
  for (int64_t r = 0; r < out.shape.height; ++r) {
    const int64_t first = std::max<int64_t>(0, r * step.stride - step.pad);
    if (first < in.shape.height) distance = std::max(distance, (r + 1) * out_row - first * in_row);
  }
  if (distance >= out_row * out.shape.height) return {};
  return distance;
}

}  // namespace

std::optional<int64_t> overlap_distance(const ir::Op& op, const ir::ValueType& in, const ir::ValueType& out) {
  return std::visit(
      [&](const auto& o) -> std::optional<int64_t> {
        using T = std::decay_t<decltype(o)>;
        if constexpr (ops::reads_rows_in_order<T>())
          return row_distance(ops::row_step(o), in, out);
        else if constexpr (requires { T::kInPlace; })
          return in.shape.elements() < out.shape.elements() ? std::nullopt : std::optional<int64_t>(0);
        else
          return {};
      },
      op);
}

}  // namespace dimple::compile
