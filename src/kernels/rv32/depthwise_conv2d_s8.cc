// Depthwise convolution, a channel at a time over a row of the output. Where the window is 3 x 3 with a border of one, its
// weights stay in registers, and a column of the input is loaded once for all windows that show it: their sums move on
// from one to the next. A row above or below the picture is any row with weights of zero, and what it adds is in the bias.
// Else taps are looked at one by one.
//
// Exact as the product is (product_s8.h).
#include "kernels/chips/scratch.h"
#include "kernels/rv32/rescale.h"

using namespace dimple;
using namespace dimple::ops;
using namespace dimple::kernels;
using namespace dimple::kernels::rv32;

namespace {

using Head = chips::Head<1>;

struct Rows {
  const Call& call;
  const Window& window;
  int32_t top;  // of the windows

  bool inside(int32_t ky) const { return top + ky >= 0 && top + ky < call.in[0].height; }
  const int8_t* row(int32_t ky) const {
    const Tensor& in = call.in[0];
    return static_cast<const int8_t*>(in.data) + (inside(ky) ? top + ky : 0) * in.width * in.channels;
  }
};

struct Channel {
  const Head& head;
  const int8_t* weights;  // [column][row]
  int32_t number;
  bool narrow;
};

void write(const Rows& r, const Channel& c, uint32_t sum, int8_t* to) {
  const auto signed_sum = static_cast<int32_t>(sum);
  if (c.narrow)
    *to = rescale(signed_sum, c.head.multiplier[0], c.head.rounding[0], c.head.shift[0], r.call.clamp_low,
                  r.call.clamp_high);
  else
    chips::write_codes(r.call, &signed_sum, c.number, 1, to);
}

[[gnu::noinline]] void write_any(const Rows& r, const Channel& c, int8_t* to) {
  const Tensor& in = r.call.in[0];
  for (int32_t x = 0; x < r.call.out.width; ++x) {
    uint32_t sum = static_cast<uint32_t>(c.head.bias[0]);
    const int32_t left = x * r.window.stride_w - r.window.pad_left;
    for (int32_t ky = 0; ky < r.window.kernel_h; ++ky) {
      const int8_t* const row = r.row(ky) + c.number;
      for (int32_t kx = 0; kx < r.window.kernel_w; ++kx) {
        const int32_t column = left + kx;
        const bool inside = r.inside(ky) && column >= 0 && column < in.width;
        const int32_t code = inside ? row[column * in.channels] : in.zero_point;
        sum += static_cast<uint32_t>(code * c.weights[kx * r.window.kernel_h + ky]);
      }
    }
    write(r, c, sum, to + x * r.call.out.channels);
  }
}

// A column of the input, or a third of a window.
struct Column {
  int32_t top, middle, bottom;
};
DIMPLE_INLINE uint32_t product(const Column& a, const Column& b) {
  return static_cast<uint32_t>(a.top * b.top) + static_cast<uint32_t>(a.middle * b.middle) +
         static_cast<uint32_t>(a.bottom * b.bottom);
}

// kStride columns are new to each window; the border is one column wide on the left, and on the right unless the windows
// end before it. Shifts are narrow.
template <int32_t kStride>
[[gnu::noinline]] void write_3x3(const Rows& r, const Channel& c, int8_t* to) {
  const Tensor& in = r.call.in[0];
  const int32_t step = in.channels, low = r.call.clamp_low, high = r.call.clamp_high;
  const int8_t *a = r.row(0) + c.number, *b = r.row(1) + c.number, *d = r.row(2) + c.number;
  int32_t w[9];
  auto bias = static_cast<uint32_t>(c.head.bias[0]);
#pragma GCC unroll 9
  for (int32_t i = 0; i < 9; ++i) {
    const bool shown = r.inside(i % 3);
    if (!shown) bias += static_cast<uint32_t>(in.zero_point * c.weights[i]);
    w[i] = shown ? c.weights[i] : 0;
  }
  const Column left{w[0], w[1], w[2]}, middle{w[3], w[4], w[5]}, right{w[6], w[7], w[8]},
      border{in.zero_point, in.zero_point, in.zero_point};
  const int32_t multiplier = c.head.multiplier[0], rounding = c.head.rounding[0], shift = c.head.shift[0];
  const auto next_column = [&] {
    const Column column{*a, *b, *d};
    a += step, b += step, d += step;
    return column;
  };
  const auto put = [&](uint32_t sum) {
    *to = rescale(static_cast<int32_t>(sum), multiplier, rounding, shift, low, high);
    to += step;
  };
  const int8_t* const end = a + (r.call.out.width - 1) * kStride * step;  // the last window's middle column
  const bool inside = (r.call.out.width - 1) * kStride + 1 < in.width;    // the last window's right column
  uint32_t sum = bias + product(border, left);                            // of the window whose middle column is next
  if constexpr (kStride == 1) {
    Column column = next_column();
    uint32_t before = sum + product(column, middle);  // of the window whose right column is next
    sum = bias + product(column, left);
    while (a <= end) {
      column = next_column();
      put(before + product(column, right));
      before = sum + product(column, middle);
      sum = bias + product(column, left);
    }
    put(before + product(inside ? next_column() : border, right));
  } else {
    while (a < end) {
      sum += product(next_column(), middle);
      const Column column = next_column();
      put(sum + product(column, right));
      sum = bias + product(column, left);
    }
    sum += product(next_column(), middle);
    put(sum + product(inside ? next_column() : border, right));
  }
}

}  // namespace

extern "C" void depthwise_conv2d_s8_rv32(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const Tensor &in = call->in[0], &out = call->out;
  const int32_t block_bytes =
      static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window.kernel_h * window.kernel_w, 16);
  const bool narrow = chips::all_narrow<1>(*call, block_bytes);
  const int32_t stride = window.stride_w;
  const bool by_columns = window.kernel_h == 3 && window.kernel_w == 3 && window.pad_left == 1 && stride <= 2 &&
                          (out.width - 1) * stride < in.width && narrow;
  auto* to = static_cast<int8_t*>(out.data) + elements_of(out, rows).first;
  for (int32_t y = rows.first; y < rows.last; ++y, to += out.width * out.channels) {
    const Rows r{*call, window, y * window.stride_h - window.pad_top};
    const auto* block = static_cast<const char*>(call->weight);
    for (int32_t number = 0; number < out.channels; ++number, block += block_bytes) {
      const auto* const head = reinterpret_cast<const Head*>(block);
      const Channel channel{*head, reinterpret_cast<const int8_t*>(head + 1), number, narrow};
      if (!by_columns)
        write_any(r, channel, to + number);
      else if (stride == 1)
        write_3x3<1>(r, channel, to + number);
      else
        write_3x3<2>(r, channel, to + number);
    }
  }
}
