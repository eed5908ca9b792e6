#include "loops/convolution.h"
#include "loops/lanes.h"

namespace dimple::loops {
namespace {

// A gather along both axes: to[y][x] = first + sum over taps of from[(y * scale_y + tap.y)][(x * scale_x + tap.x)] *
// weight[tap], where what lies outside of `from` counts as 0. Forward is one gather with the stride as scale; the
// gradient of the input is one gather per phase of the stride, with scale 1, the window turned round, and outputs
// `step` apart.
struct Axis {
  int64_t from_size, scale, first_tap;  // tap t reads position x * scale + first_tap + t
  int64_t taps, count;                  // how many taps; how many outputs
  int64_t to_offset, to_step;           // output x lies at to_offset + x * to_step
  int64_t weight_first, weight_step;    // tap t is weight number weight_first + t * weight_step
};

struct Gather {
  Axis y, x;
  int64_t channels, from_width, to_width, kernel_w;
  const float *from, *weight, *first;
  float* to;
};

// Outputs [begin, end) of an axis whose every tap lies inside.
struct Inside {
  int64_t begin, end;
};
Inside inside_of(const Axis& a) {
  int64_t begin = a.first_tap >= 0 ? 0 : (-a.first_tap + a.scale - 1) / a.scale;
  const int64_t last = a.from_size - a.taps - a.first_tap;  // the highest x * scale that fits
  int64_t end = last < 0 ? 0 : last / a.scale + 1;
  if (end > a.count) end = a.count;
  if (begin > end) begin = end;
  return {begin, end};
}

// One output with care for the borders.
DIMPLE_INLINE void careful(const Gather& g, int64_t y, int64_t x, int64_t c, int64_t left) {
  Floats sum = g.first ? load_some(g.first + c, left) : Floats{};
  for (int64_t r = 0; r < g.y.taps; ++r) {
    const int64_t at_y = y * g.y.scale + g.y.first_tap + r;
    if (at_y < 0 || at_y >= g.y.from_size) continue;
    for (int64_t q = 0; q < g.x.taps; ++q) {
      const int64_t at_x = x * g.x.scale + g.x.first_tap + q;
      if (at_x < 0 || at_x >= g.x.from_size) continue;
      const int64_t tap =
          (g.y.weight_first + r * g.y.weight_step) * g.kernel_w + g.x.weight_first + q * g.x.weight_step;
      sum += load_some(g.from + (at_y * g.from_width + at_x) * g.channels + c, left) *
             load_some(g.weight + tap * g.channels + c, left);
    }
  }
  const int64_t to_y = g.y.to_offset + y * g.y.to_step, to_x = g.x.to_offset + x * g.x.to_step;
  store_some(g.to + (to_y * g.to_width + to_x) * g.channels + c, sum, left);
}

// Outputs whose 3 x 3 taps lie inside: nine weights stay in registers, and `kWide` outputs share what they read.
constexpr int kWide = 4;
template <int kScale>
int64_t nine_taps(const Gather& g, const Floats (&weight)[3][3], const Floats& first, int64_t y, Inside span,
                  int64_t c) {
  const int64_t line = g.from_width * g.channels, to_y = g.y.to_offset + y * g.y.to_step;
  int64_t x = span.begin;
  for (; x + kWide <= span.end; x += kWide) {
    Floats sum[kWide];
    for (int i = 0; i < kWide; ++i) sum[i] = first;
    const float* from =
        g.from + ((y * g.y.scale + g.y.first_tap) * g.from_width + x * kScale + g.x.first_tap) * g.channels + c;
#pragma GCC unroll 3
    for (int r = 0; r < 3; ++r)
#pragma GCC unroll 12
      for (int column = 0; column < (kWide - 1) * kScale + 3; ++column) {
        const Floats value = load(from + r * line + column * g.channels);
#pragma GCC unroll 4
        for (int i = 0; i < kWide; ++i)
          if (column >= i * kScale && column < i * kScale + 3) sum[i] += value * weight[r][column - i * kScale];
      }
    float* to = g.to + (to_y * g.to_width + g.x.to_offset + x * g.x.to_step) * g.channels + c;
    for (int i = 0; i < kWide; ++i) store(to + i * g.x.to_step * g.channels, sum[i]);
  }
  return x;
}

void gather(const Gather& g) {
  const Inside rows = inside_of(g.y), columns = inside_of(g.x);
  const bool nine = g.y.taps == 3 && g.x.taps == 3 && g.x.scale <= 2;
  for (int64_t c = 0; c < g.channels; c += kLanes) {
    const int64_t left = g.channels - c;
    Floats weight[3][3];
    for (int r = 0; nine && r < 3; ++r)
      for (int q = 0; q < 3; ++q)
        weight[r][q] = load_some(
            g.weight +
                ((g.y.weight_first + r * g.y.weight_step) * g.kernel_w + g.x.weight_first + q * g.x.weight_step) *
                    g.channels +
                c,
            left);
    const Floats first = g.first ? load_some(g.first + c, left) : Floats{};
    for (int64_t y = 0; y < g.y.count; ++y) {
      int64_t x = 0;
      if (nine && left >= kLanes && y >= rows.begin && y < rows.end) {
        for (; x < columns.begin; ++x) careful(g, y, x, c, left);
        x = g.x.scale == 1 ? nine_taps<1>(g, weight, first, y, columns, c)
                           : nine_taps<2>(g, weight, first, y, columns, c);
      }
      for (; x < g.x.count; ++x) careful(g, y, x, c, left);
    }
  }
}

void forward(const DepthwiseSizes& s, const float* x, const float* weight, const float* bias, float* y) {
  const Axis rows{s.height, s.stride_h, -s.pad_top, s.kernel_h, s.out_height, 0, 1, 0, 1};
  const Axis columns{s.width, s.stride_w, -s.pad_left, s.kernel_w, s.out_width, 0, 1, 0, 1};
  for (int64_t n = 0; n < s.pictures; ++n)
    gather({rows, columns, s.channels, s.width, s.out_width, s.kernel_w, x + n * s.height * s.width * s.channels,
            weight, bias, y + n * s.out_height * s.out_width * s.channels});
}

// The input positions start, start + stride, ... see the taps last, last - stride, ... of the window.
Axis phase_of(int64_t start, int64_t size, int64_t out, int64_t kernel, int64_t stride, int64_t pad) {
  int64_t taps = 0, last = 0;
  for (int64_t k = 0; k < kernel; ++k)
    if ((start + pad - k) % stride == 0) ++taps, last = k;
  return {
      out,  1,      taps ? (start + pad - last) / stride : 0, taps, (size - start + stride - 1) / stride, start, stride,
      last, -stride};
}

void input_gradient(const DepthwiseSizes& s, const float* dy, const float* weight, float* dx) {
  for (int64_t n = 0; n < s.pictures; ++n)
    for (int64_t py = 0; py < s.stride_h && py < s.height; ++py)
      for (int64_t px = 0; px < s.stride_w && px < s.width; ++px)
        gather({phase_of(py, s.height, s.out_height, s.kernel_h, s.stride_h, s.pad_top),
                phase_of(px, s.width, s.out_width, s.kernel_w, s.stride_w, s.pad_left), s.channels, s.out_width,
                s.width, s.kernel_w, dy + n * s.out_height * s.out_width * s.channels, weight, nullptr,
                dx + n * s.height * s.width * s.channels});
}

// What a line of outputs adds to the gradient of one row of the window.
DIMPLE_INLINE void three_taps(const float* x, int64_t step, const float* dy, int64_t channels, int64_t count,
                              Floats (&sum)[3]) {
  for (int64_t i = 0; i < count; ++i, x += step, dy += channels) {
    const Floats d = load(dy);
    for (int q = 0; q < 3; ++q) sum[q] += d * load(x + q * channels);
  }
}

void weight_gradient(const DepthwiseSizes& s, const float* x, const float* dy, float* dweight, float* dbias) {
  const int64_t taps = s.kernel_h * s.kernel_w;
  const Axis axis{s.width, s.stride_w, -s.pad_left, s.kernel_w, s.out_width, 0, 1, 0, 1};
  const Inside columns = inside_of(axis);
  // Every picture's share on its own, then added: short sums lose less.
  const Scratch share((taps + 1) * kLanes), all((taps + 1) * kLanes);
  for (int64_t c = 0; c < s.channels; c += kLanes) {
    const int64_t left = s.channels - c;
    for (int64_t t = 0; t <= taps; ++t) store(all.data() + t * kLanes, Floats{});
    for (int64_t n = 0; n < s.pictures; ++n) {
      const float* in = x + n * s.height * s.width * s.channels + c;
      const float* out = dy + n * s.out_height * s.out_width * s.channels + c;
      for (int64_t t = 0; t <= taps; ++t) store(share.data() + t * kLanes, Floats{});
      for (int64_t r = 0; r < s.kernel_h; ++r) {
        float* row_share = share.data() + r * s.kernel_w * kLanes;
        const bool three = s.kernel_w == 3 && left >= kLanes;
        Floats sum[3]{};
        for (int64_t y = 0; y < s.out_height; ++y) {
          const int64_t at_y = y * s.stride_h - s.pad_top + r;
          if (at_y < 0 || at_y >= s.height) continue;
          const float* line = in + at_y * s.width * s.channels;
          const float* d = out + y * s.out_width * s.channels;
          const auto with_care = [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
              for (int64_t q = 0; q < s.kernel_w; ++q) {
                const int64_t at_x = i * s.stride_w - s.pad_left + q;
                if (at_x < 0 || at_x >= s.width) continue;
                float* to = row_share + q * kLanes;
                store(to, load(to) + load_some(d + i * s.channels, left) * load_some(line + at_x * s.channels, left));
              }
          };
          if (!three) {
            with_care(0, s.out_width);
            continue;
          }
          with_care(0, columns.begin);
          three_taps(line + (columns.begin * s.stride_w - s.pad_left) * s.channels, s.stride_w * s.channels,
                     d + columns.begin * s.channels, s.channels, columns.end - columns.begin, sum);
          with_care(columns.end, s.out_width);
        }
        if (three)
          for (int q = 0; q < 3; ++q) store(row_share + q * kLanes, load(row_share + q * kLanes) + sum[q]);
      }
      Floats bias{};
      for (int64_t i = 0; dbias && i < s.out_height * s.out_width; ++i) bias += load_some(out + i * s.channels, left);
      store(share.data() + taps * kLanes, bias);
      for (int64_t t = 0; t <= taps; ++t)
        store(all.data() + t * kLanes, load(all.data() + t * kLanes) + load(share.data() + t * kLanes));
    }
    for (int64_t t = 0; t < taps; ++t) store_some(dweight + t * s.channels + c, load(all.data() + t * kLanes), left);
    if (dbias) store_some(dbias + c, load(all.data() + taps * kLanes), left);
  }
}

}  // namespace

extern const DepthwiseLoops DIMPLE_LEVEL_NAME(depthwise_loops);
const DepthwiseLoops DIMPLE_LEVEL_NAME(depthwise_loops){forward, input_gradient, weight_gradient};

}  // namespace dimple::loops
