// Depthwise convolution, a channel at a time over a row of the output, its weights in registers where the window is
// 3 x 3. Rows above and below the picture are a row of zero points in scratch; where a window reaches over the left or
// right border, its taps are looked at one by one.
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
  const int8_t* zeros;  // a row of zero points
  int32_t top;          // of the windows
  int32_t first, last;  // pixels of the output whose windows lie within the picture

  const int8_t* row(int32_t ky) const {
    const Tensor& in = call.in[0];
    const int32_t y = top + ky;
    return y >= 0 && y < in.height ? static_cast<const int8_t*>(in.data) + y * in.width * in.channels : zeros;
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

[[gnu::noinline]] void write_any(const Rows& r, const Channel& c, int32_t first, int32_t last, int8_t* to) {
  const Tensor& in = r.call.in[0];
  for (int32_t x = first; x < last; ++x) {
    uint32_t sum = static_cast<uint32_t>(c.head.bias[0]);
    const int32_t left = x * r.window.stride_w - r.window.pad_left;
    for (int32_t ky = 0; ky < r.window.kernel_h; ++ky) {
      const int8_t* const row = r.row(ky) + c.number;
      for (int32_t kx = 0; kx < r.window.kernel_w; ++kx) {
        const int32_t column = left + kx;
        const int32_t code = column >= 0 && column < in.width ? row[column * in.channels] : in.zero_point;
        sum += static_cast<uint32_t>(code * c.weights[kx * r.window.kernel_h + ky]);
      }
    }
    write(r, c, sum, to + x * r.call.out.channels);
  }
}

DIMPLE_INLINE uint32_t three(const int8_t* a, int32_t step, int32_t w0, int32_t w1, int32_t w2) {
  return static_cast<uint32_t>(a[0] * w0) + static_cast<uint32_t>(a[step] * w1) +
         static_cast<uint32_t>(a[2 * step] * w2);
}

// Windows of 3 x 3 within the picture; shifts are narrow.
[[gnu::noinline]] void write_3x3(const Rows& r, const Channel& c, int8_t* to) {
  const int32_t step = r.call.in[0].channels, next = r.window.stride_w * step;
  const int32_t start = (r.first * r.window.stride_w - r.window.pad_left) * step + c.number;
  const int8_t *a = r.row(0) + start, *b = r.row(1) + start, *d = r.row(2) + start;
  int32_t w[9];
#pragma GCC unroll 9
  for (int32_t i = 0; i < 9; ++i) w[i] = c.weights[i];
  const auto bias = static_cast<uint32_t>(c.head.bias[0]);
  const int32_t multiplier = c.head.multiplier[0], rounding = c.head.rounding[0], shift = c.head.shift[0];
  const int32_t low = r.call.clamp_low, high = r.call.clamp_high, channels = r.call.out.channels;
  int8_t* const end = to + r.last * channels;
  for (to += r.first * channels; to != end; to += channels, a += next, b += next, d += next) {
    const uint32_t sum =
        bias + three(a, step, w[0], w[3], w[6]) + three(b, step, w[1], w[4], w[7]) + three(d, step, w[2], w[5], w[8]);
    *to = rescale(static_cast<int32_t>(sum), multiplier, rounding, shift, low, high);
  }
}

}  // namespace

extern "C" void depthwise_conv2d_s8_rv32(const DimpleCall* call, DimpleRange rows) {
  const Window& window = attributes_of<DepthwiseConv2d>(*call).window;
  const Tensor &in = call->in[0], &out = call->out;
  const int32_t block_bytes =
      static_cast<int32_t>(sizeof(Head)) + round_up<int32_t>(window.kernel_h * window.kernel_w, 16);
  fill_bytes(call->scratch, in.zero_point, static_cast<size_t>(in.width * in.channels));
  const bool narrow = chips::all_narrow<1>(*call, block_bytes);
  const bool by_three = window.kernel_h == 3 && window.kernel_w == 3 && narrow;
  const int32_t first = min_of((window.pad_left + window.stride_w - 1) / window.stride_w, out.width);
  const int32_t room = in.width + window.pad_left - window.kernel_w;  // for the leftmost tap of the last window
  const int32_t last = room < 0 ? first : clamp(room / window.stride_w + 1, first, out.width);
  auto* to = static_cast<int8_t*>(out.data) + elements_of(out, rows).first;
  for (int32_t y = rows.first; y < rows.last; ++y, to += out.width * out.channels) {
    const Rows r{*call, window, static_cast<const int8_t*>(call->scratch), y * window.stride_h - window.pad_top,
                 first, last};
    const auto* block = static_cast<const char*>(call->weight);
    for (int32_t number = 0; number < out.channels; ++number, block += block_bytes) {
      const auto* const head = reinterpret_cast<const Head*>(block);
      const Channel channel{*head, reinterpret_cast<const int8_t*>(head + 1), number, narrow};
      if (!by_three || first == last) {
        write_any(r, channel, 0, out.width, to + number);
        continue;
      }
      write_any(r, channel, 0, first, to + number);
      write_3x3(r, channel, to + number);
      write_any(r, channel, last, out.width, to + number);
    }
  }
}
