#include "loops/conv2d_winograd.h"

namespace dimple::loops {
namespace {

// A picture with zeros around it, `top` rows above and so on.
struct Frame {
  int64_t top, left, height, width;  // of the whole
};
void put_in_frame(const Frame& f, const float* picture, int64_t height, int64_t width, int64_t channels, float* out) {
  const int64_t rows = height < f.height - f.top ? height : f.height - f.top;
  const int64_t pixels = width < f.width - f.left ? width : f.width - f.left;
  for (int64_t y = 0; y < rows; ++y) {
    const float* from = picture + y * width * channels;
    float* to = out + ((y + f.top) * f.width + f.left) * channels;
    for (int64_t i = 0; i < pixels * channels; ++i) to[i] = from[i];
  }
}

bool is_plain_product(const Conv2dSizes& s) {
  return s.kernel_h == 1 && s.kernel_w == 1 && s.stride_h == 1 && s.stride_w == 1 && s.pad_top == 0 &&
         s.pad_left == 0 && s.out_height == s.height && s.out_width == s.width;
}
// With few channels the rows of a window are too short to be worth a loop: the window is written out, pixel by pixel.
bool is_thin(const Conv2dSizes& s) { return s.kernel_w * s.in < 12 && !is_plain_product(s); }

// Every window of a picture: out_height x out_width x (kernel_h * kernel_w * in).
template <int kRow>
void write_windows_of(const Conv2dSizes& s, const Frame& f, const float* framed, float* out) {
  const int64_t row = kRow > 0 ? kRow : s.kernel_w * s.in;
  for (int64_t y = 0; y < s.out_height; ++y)
    for (int64_t x = 0; x < s.out_width; ++x)
      for (int64_t r = 0; r < s.kernel_h; ++r, out += row) {
        const float* from = framed + ((y * s.stride_h + r) * f.width + x * s.stride_w) * s.in;
        for (int64_t k = 0; k < row; ++k) out[k] = from[k];
      }
}

void write_windows(const Conv2dSizes& s, const Frame& f, const float* framed, float* out) {
  if (s.kernel_w * s.in == 3) return write_windows_of<3>(s, f, framed, out);  // grey pictures
  if (s.kernel_w * s.in == 9) return write_windows_of<9>(s, f, framed, out);  // colour
  write_windows_of<0>(s, f, framed, out);
}

Frame frame_of(const Conv2dSizes& s) {
  return {s.pad_top, s.pad_left, (s.out_height - 1) * s.stride_h + s.kernel_h,
          (s.out_width - 1) * s.stride_w + s.kernel_w};
}

// Whether every window lies inside the picture, so that no frame is needed.
bool fits(const Conv2dSizes& s, const Frame& f) {
  return f.top == 0 && f.left == 0 && f.height <= s.height && f.width <= s.width;
}

// Calls each(framed, frame, picture) for every picture of x.
template <class Each>
void for_each_framed(const Conv2dSizes& s, const float* x, const Each& each) {
  Frame f = frame_of(s);
  const int64_t size = s.height * s.width * s.in;
  if (fits(s, f)) {
    f.width = s.width;
    for (int64_t n = 0; n < s.pictures; ++n) each(x + n * size, f, n);
    return;
  }
  const Scratch framed(f.height * f.width * s.in);
  for (int64_t n = 0; n < s.pictures; ++n) {
    put_in_frame(f, x + n * size, s.height, s.width, s.in, framed.data());
    each(framed.data(), f, n);
  }
}

void forward(const Conv2dSizes& s, const float* x, const float* weight, const float* bias, float* y) {
  if (takes_winograd(s)) return winograd_forward(s, x, weight, bias, y);
  const int64_t ldb = round_up_to_lanes(s.out), terms = s.kernel_h * s.kernel_w * s.in;
  const Scratch b(terms * ldb), padded_bias(ldb);
  for (int64_t c = 0; c < s.out; ++c)
    for (int64_t k = 0; k < terms; ++k) b.data()[k * ldb + c] = weight[c * terms + k];
  for (int64_t c = 0; bias && c < s.out; ++c) padded_bias.data()[c] = bias[c];
  const int64_t pixels = s.out_height * s.out_width;
  const auto multiply = [&](const float* a, int64_t count, float* out) {
    slide({a, 0, 0, terms, 1, terms, b.data(), ldb, padded_bias.data(), out, 0, s.out, 1, count, s.out});
  };
  if (is_plain_product(s)) return multiply(x, s.pictures * pixels, y);
  if (is_thin(s)) {
    const Scratch windows(pixels * terms);
    for_each_framed(s, x, [&](const float* framed, const Frame& f, int64_t n) {
      write_windows(s, f, framed, windows.data());
      multiply(windows.data(), pixels, y + n * pixels * s.out);
    });
    return;
  }
  for_each_framed(s, x, [&](const float* framed, const Frame& f, int64_t n) {
    slide({framed, s.stride_h * f.width * s.in, f.width * s.in, s.stride_w * s.in, s.kernel_h, s.kernel_w * s.in,
           b.data(), ldb, padded_bias.data(), y + n * pixels * s.out, s.out_width * s.out, s.out, s.out_height,
           s.out_width, s.out});
  });
}

// Along one axis, the input positions start, start + stride, ... see the same taps of the window: last, last - stride,
// ... (`count` of them), and the output positions from `first` on, counted from the input position's number.
struct Phase {
  int64_t count, last, first;
};
Phase phase_of(int64_t start, int64_t kernel, int64_t stride, int64_t pad) {
  Phase p{0, 0, 0};
  for (int64_t k = 0; k < kernel; ++k)
    if ((start + pad - k) % stride == 0) ++p.count, p.last = k;
  p.first = (start + pad - p.last) / stride;  // exact: the remainder is 0
  return p;
}

// The margins that the output's gradient needs so that no tap of any phase leaves it.
struct Margin {
  int64_t before = 0, after = 0;
};
Margin margin_of(int64_t size, int64_t out, int64_t kernel, int64_t stride, int64_t pad) {
  Margin m;
  for (int64_t start = 0; start < stride && start < size; ++start) {
    const Phase p = phase_of(start, kernel, stride, pad);
    if (p.count == 0) continue;
    const int64_t last = (size - 1 - start) / stride + p.first + p.count - 1;
    if (-p.first > m.before) m.before = -p.first;
    if (last - (out - 1) > m.after) m.after = last - (out - 1);
  }
  return m;
}

// The taps of a phase, last first: rows x columns x out x in.
void put_phase(const Conv2dSizes& s, const Phase& h, const Phase& w, const float* weight, int64_t ldb, float* to) {
  for (int64_t r = 0; r < h.count; ++r)
    for (int64_t q = 0; q < w.count; ++q)
      for (int64_t c = 0; c < s.out; ++c, to += ldb) {
        const int64_t row = h.last - r * s.stride_h, column = w.last - q * s.stride_w;
        const float* from = weight + ((c * s.kernel_h + row) * s.kernel_w + column) * s.in;
        for (int64_t i = 0; i < s.in; ++i) to[i] = from[i];
      }
}

// A convolution of the output's gradient with the window turned round; one per phase of the stride.
void input_gradient(const Conv2dSizes& s, const float* dy, const float* weight, float* dx) {
  if (takes_winograd(s)) return winograd_input_gradient(s, dy, weight, dx);
  const int64_t ldb = round_up_to_lanes(s.in), terms = s.kernel_h * s.kernel_w * s.out;
  const Scratch b(terms * ldb);
  if (is_plain_product(s)) {
    for (int64_t c = 0; c < s.out; ++c)
      for (int64_t i = 0; i < s.in; ++i) b.data()[c * ldb + i] = weight[c * s.in + i];
    slide({dy, 0, 0, s.out, 1, s.out, b.data(), ldb, nullptr, dx, 0, s.in, 1, s.pictures * s.height * s.width, s.in});
    return;
  }
  const Margin mh = margin_of(s.height, s.out_height, s.kernel_h, s.stride_h, s.pad_top);
  const Margin mw = margin_of(s.width, s.out_width, s.kernel_w, s.stride_w, s.pad_left);
  const Frame f{mh.before, mw.before, s.out_height + mh.before + mh.after, s.out_width + mw.before + mw.after};
  const int64_t in_size = s.height * s.width * s.in, out_size = s.out_height * s.out_width * s.out;
  const Scratch framed(f.height * f.width * s.out);
  for (int64_t n = 0; n < s.pictures; ++n) {
    put_in_frame(f, dy + n * out_size, s.out_height, s.out_width, s.out, framed.data());
    float* to = b.data();  // the phases' weights lie one behind the other: every tap belongs to one phase
    for (int64_t py = 0; py < s.stride_h && py < s.height; ++py)
      for (int64_t px = 0; px < s.stride_w && px < s.width; ++px) {
        const Phase h = phase_of(py, s.kernel_h, s.stride_h, s.pad_top);
        const Phase w = phase_of(px, s.kernel_w, s.stride_w, s.pad_left);
        if (n == 0) put_phase(s, h, w, weight, ldb, to);
        const bool seen = h.count > 0 && w.count > 0;
        const int64_t at = seen ? ((h.first + f.top) * f.width + w.first + f.left) * s.out : 0;
        slide({framed.data() + at, f.width * s.out, f.width * s.out, s.out, seen ? h.count : 0, w.count * s.out, to,
               ldb, nullptr, dx + n * in_size + (py * s.width + px) * s.in, s.stride_h * s.width * s.in,
               s.stride_w * s.in, (s.height - py + s.stride_h - 1) / s.stride_h,
               (s.width - px + s.stride_w - 1) / s.stride_w, s.in});
        to += h.count * w.count * s.out * ldb;
      }
  }
}

void add_rows(const float* dy, int64_t pixels, int64_t channels, float* sum) {
  for (int64_t c = 0; c < channels; c += kLanes) {
    const int64_t left = channels - c;
    Floats all{};
    constexpr int64_t kBlock = 256;  // short sums, so that none loses its last digits
    for (int64_t first = 0; first < pixels; first += kBlock) {
      const int64_t end = first + kBlock < pixels ? first + kBlock : pixels;
      Floats some{};
      for (int64_t i = first; i < end; ++i) some += load_some(dy + i * channels + c, left);
      all += some;
    }
    store_some(sum + c, all, left);
  }
}

void weight_gradient(const Conv2dSizes& s, const float* x, const float* dy, float* dweight, float* dbias) {
  const int64_t terms = s.kernel_h * s.kernel_w * s.in, pixels = s.out_height * s.out_width;
  if (dbias) add_rows(dy, s.pictures * pixels, s.out, dbias);
  if (takes_winograd(s)) return winograd_weight_gradient(s, x, dy, dweight);
  // The last vector of channels may come as a pair.
  const int64_t ldg = round_up_to_lanes(s.out) + kLanes;
  const Scratch g(terms * ldg);
  // Some lines of pixels at a time: what a tile of terms reads, the next tile still finds in the cache.
  const auto multiply = [&](const float* a, const float* d, int64_t count) {
    constexpr int64_t kBlock = 256;
    for (int64_t first = 0; first < count; first += kBlock) {
      const int64_t some = count - first < kBlock ? count - first : kBlock;
      outer({a + first * terms, terms, d + first * s.out, s.out, some, 1, 0, 0, g.data(), ldg}, terms, s.out);
    }
  };
  if (is_plain_product(s)) {
    multiply(x, dy, s.pictures * pixels);
  } else if (is_thin(s)) {
    const Scratch windows(pixels * terms);
    for_each_framed(s, x, [&](const float* framed, const Frame& f, int64_t n) {
      write_windows(s, f, framed, windows.data());
      multiply(windows.data(), dy + n * pixels * s.out, pixels);
    });
  } else {
    const int64_t row = s.kernel_w * s.in;
    for_each_framed(s, x, [&](const float* framed, const Frame& f, int64_t n) {
      for (int64_t r = 0; r < s.kernel_h; ++r)
        outer({framed + r * f.width * s.in, s.stride_w * s.in, dy + n * pixels * s.out, s.out, s.out_width,
               s.out_height, s.stride_h * f.width * s.in, s.out_width * s.out, g.data() + r * row * ldg, ldg},
              row, s.out);
    });
  }
  for (int64_t c = 0; c < s.out; ++c)
    for (int64_t k = 0; k < terms; ++k) dweight[c * terms + k] = g.data()[k * ldg + c];
}

}  // namespace

extern const Conv2dLoops DIMPLE_LEVEL_NAME(conv2d_loops);
const Conv2dLoops DIMPLE_LEVEL_NAME(conv2d_loops){forward, input_gradient, weight_gradient};

}  // namespace dimple::loops
