// Windows of 3x3 that go one pixel at a time, by Winograd's F(2x2, 3x3): four outputs from a tile of 4x4 inputs cost 16
// products for every pair of channels instead of 36. With small matrices
//   B^T d: d0 - d2, d1 + d2, d2 - d1, d1 - d3     G g: g0, (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2
//   A^T m: m0 + m1 + m2, m1 - m2 - m3
// applied along both axes,
//   out = A^T [(G g G^T) . (B^T d B)] A           and, turned round,   dg = G^T [(A e A^T) . (B^T d B)] G
// for the gradient of the window, e being the output's. The gradient of the input is a convolution with the window
// turned round. For a file of loops alone (loops/lanes.h).
#pragma once
#include "loops/conv2d_tiles.h"
#include "loops/convolution.h"

namespace dimple::loops {
namespace {

constexpr int kPoints = 16;

// Whole vectors of channels on both sides.
inline bool takes_winograd(const Conv2dSizes& s) {
  return s.kernel_h == 3 && s.kernel_w == 3 && s.stride_h == 1 && s.stride_w == 1 && s.pad_top <= 2 &&
         s.pad_left <= 2 && s.in % kLanes == 0 && s.out % kLanes == 0;
}

// Pictures cut into tiles of 2x2 outputs, numbered through all pictures.
struct Tiles {
  int64_t pictures, height, width;             // of the outputs
  int64_t from_height, from_width, top, left;  // of the inputs; the output (0, 0) sees the inputs from (-top, -left) on
  int64_t rows() const { return (height + 1) / 2; }
  int64_t columns() const { return (width + 1) / 2; }
  int64_t count() const { return pictures * rows() * columns(); }
};
inline Tiles tiles_of(const Conv2dSizes& s) {
  return {s.pictures, s.out_height, s.out_width, s.height, s.width, s.pad_top, s.pad_left};
}

struct Place {
  int64_t picture, y, x;  // of the first output
};

// each(i, place, how many) for the runs of tiles that lie in one row, of the tiles first + i, i < count.
template <class Each>
DIMPLE_INLINE void for_rows(const Tiles& t, int64_t first, int64_t count, const Each& each) {
  for (int64_t i = 0; i < count;) {
    const int64_t row = (first + i) / t.columns(), column = (first + i) % t.columns();
    const int64_t rest = t.columns() - column, some = rest < count - i ? rest : count - i;
    each(i, Place{row / t.rows(), row % t.rows() * 2, column * 2}, some);
    i += some;
  }
}

// each(i, place) for the tiles first + i, i < count.
template <class Each>
DIMPLE_INLINE void for_tiles(const Tiles& t, int64_t first, int64_t count, const Each& each) {
  const int64_t row = first / t.columns();
  Place p{row / t.rows(), row % t.rows() * 2, first % t.columns() * 2};
  for (int64_t i = 0; i < count; ++i) {
    each(i, p);
    if ((p.x += 2) < t.width) continue;
    p.x = 0;
    if ((p.y += 2) < t.height) continue;
    p.y = 0, ++p.picture;
  }
}

// Floats from one point's values to the next one's: a line more than they need, so that not all begin at the same place
// of a page.
inline int64_t apart(int64_t count, int64_t channels) { return count * channels + 16; }

DIMPLE_INLINE void to_points(const Floats (&d)[4], Floats (&out)[4]) {
  out[0] = d[0] - d[2], out[1] = d[1] + d[2], out[2] = d[2] - d[1], out[3] = d[1] - d[3];
}

// B^T d B of tiles [first, first + count) of the inputs: points x count x channels. Along a row of tiles each takes
// over two columns of the one before.
inline void put_inputs(const Tiles& t, const float* x, int64_t channels, int64_t first, int64_t count, float* out) {
  const int64_t line = t.from_width * channels, step = apart(count, channels);
  for_rows(t, first, count, [&](int64_t i, const Place& p, int64_t tiles) {
    const float* row[4];
    for (int64_t r = 0; r < 4; ++r) {
      const int64_t y = p.y - t.top + r;
      row[r] = y >= 0 && y < t.from_height ? x + (p.picture * t.from_height + y) * line : nullptr;
    }
    for (int64_t c = 0; c < channels; c += kLanes) {
      const auto column = [&](int64_t at, Floats(&points)[4]) {
        Floats d[4]{};
        if (at >= 0 && at < t.from_width)
          for (int r = 0; r < 4; ++r)
            if (row[r]) d[r] = load(row[r] + at * channels + c);
        to_points(d, points);
      };
      Floats q0[4], q1[4], q2[4], q3[4];
      int64_t at = p.x - t.left;
      column(at, q0), column(at + 1, q1);
      float* to = out + i * channels + c;
      for (int64_t tile = 0; tile < tiles; ++tile, to += channels, at += 2) {
        column(at + 2, q2), column(at + 3, q3);
#pragma GCC unroll 4
        for (int r = 0; r < 4; ++r) {
          const Floats d[4] = {q0[r], q1[r], q2[r], q3[r]};
          Floats points[4];
          to_points(d, points);
          for (int q = 0; q < 4; ++q) store(to + (r * 4 + q) * step, points[q]);
          q0[r] = q2[r], q1[r] = q3[r];
        }
      }
    }
  });
}

// A^T m A, with the bias, to the outputs that lie inside.
inline void take_outputs(const Tiles& t, const float* m, int64_t channels, const float* bias, int64_t first,
                         int64_t count, float* y) {
  for_tiles(t, first, count, [&](int64_t i, const Place& p) {
    float* const to = y + ((p.picture * t.height + p.y) * t.width + p.x) * channels;
    const bool below = p.y + 1 < t.height, beside = p.x + 1 < t.width;
    for (int64_t c = 0; c < channels; c += kLanes) {
      Floats half[2][4];
#pragma GCC unroll 4
      for (int q = 0; q < 4; ++q) {
        Floats d[4];
        for (int r = 0; r < 4; ++r) d[r] = load(m + (r * 4 + q) * apart(count, channels) + i * channels + c);
        half[0][q] = d[0] + d[1] + d[2], half[1][q] = d[1] - d[2] - d[3];
      }
      const Floats b = bias ? load(bias + c) : Floats{};
      for (int r = 0; r < (below ? 2 : 1); ++r) {
        float* const row = to + r * t.width * channels + c;
        store(row, half[r][0] + half[r][1] + half[r][2] + b);
        if (beside) store(row + channels, half[r][1] - half[r][2] - half[r][3] + b);
      }
    }
  });
}

// A e A^T of tiles of the outputs' gradient, what lies outside being 0: points x count x channels.
inline void put_gradients(const Tiles& t, const float* dy, int64_t channels, const float* zeros, int64_t first,
                          int64_t count, float* out) {
  const auto spread_out = [](const Floats& a, const Floats& b, Floats(&to)[4]) {
    to[0] = a, to[1] = a + b, to[2] = a - b, to[3] = Floats{} - b;
  };
  for_tiles(t, first, count, [&](int64_t i, const Place& p) {
    const float* const from = dy + ((p.picture * t.height + p.y) * t.width + p.x) * channels;
    const bool below = p.y + 1 < t.height, beside = p.x + 1 < t.width;
    const float *e01 = beside ? from + channels : zeros, *e10 = below ? from + t.width * channels : zeros,
                *e11 = below && beside ? from + (t.width + 1) * channels : zeros;
    for (int64_t c = 0; c < channels; c += kLanes) {
      Floats left[4], right[4];
      spread_out(load(from + c), load(e10 + c), left);
      spread_out(load(e01 + c), load(e11 + c), right);
#pragma GCC unroll 4
      for (int r = 0; r < 4; ++r) {
        Floats points[4];
        spread_out(left[r], right[r], points);
        for (int q = 0; q < 4; ++q) store(out + (r * 4 + q) * apart(count, channels) + i * channels + c, points[q]);
      }
    }
  });
}

// G g G^T for a vector of windows g[r][q]: each(point, values).
template <class Each>
DIMPLE_INLINE void put_windows(const Floats (&g)[3][3], const Each& each) {
  Floats half[4][3];
#pragma GCC unroll 3
  for (int q = 0; q < 3; ++q) {
    const Floats sum = 0.5f * (g[0][q] + g[2][q]), middle = 0.5f * g[1][q];
    half[0][q] = g[0][q], half[1][q] = sum + middle, half[2][q] = sum - middle, half[3][q] = g[2][q];
  }
#pragma GCC unroll 4
  for (int r = 0; r < 4; ++r) {
    const Floats sum = 0.5f * (half[r][0] + half[r][2]), middle = 0.5f * half[r][1];
    each(r * 4, half[r][0]), each(r * 4 + 1, sum + middle), each(r * 4 + 2, sum - middle), each(r * 4 + 3, half[r][2]);
  }
}

// points: points x in x out, from `in` channels of x to `out` of y.
inline void convolve_points(const Tiles& t, const float* x, int64_t in, const float* points, const float* bias,
                            int64_t out, float* y) {
  constexpr int64_t kTiles = 12;  // at a time: their points stay in the cache
  const Scratch inputs(kPoints * apart(kTiles, in), Filled::nothing),
      products(kPoints * apart(kTiles, out), Filled::nothing);
  for (int64_t first = 0; first < t.count(); first += kTiles) {
    const int64_t some = t.count() - first < kTiles ? t.count() - first : kTiles;
    put_inputs(t, x, in, first, some, inputs.data());
    for (int p = 0; p < kPoints; ++p)
      slide({inputs.data() + p * apart(some, in), 0, 0, in, 1, in, points + p * in * out, out, nullptr,
             products.data() + p * apart(some, out), 0, out, 1, some, out});
    take_outputs(t, products.data(), out, bias, first, some, y);
  }
}

inline void winograd_forward(const Conv2dSizes& s, const float* x, const float* weight, const float* bias, float* y) {
  const Scratch points(kPoints * s.in * s.out, Filled::nothing);
  for (int64_t c = 0; c < s.out; c += kLanes)
    for (int64_t i = 0; i < s.in; ++i) {
      Floats g[3][3];
      for (int k = 0; k < 9; ++k) {
        float row[kLanes];
        for (int lane = 0; lane < kLanes; ++lane) row[lane] = weight[((c + lane) * 9 + k) * s.in + i];
        g[k / 3][k % 3] = load(row);
      }
      put_windows(g, [&](int p, const Floats& v) { store(points.data() + (p * s.in + i) * s.out + c, v); });
    }
  convolve_points(tiles_of(s), x, s.in, points.data(), bias, s.out, y);
}

inline void winograd_input_gradient(const Conv2dSizes& s, const float* dy, const float* weight, float* dx) {
  const Scratch points(kPoints * s.in * s.out, Filled::nothing);
  for (int64_t c = 0; c < s.out; ++c)
    for (int64_t i = 0; i < s.in; i += kLanes) {
      Floats g[3][3];
      for (int k = 0; k < 9; ++k) g[2 - k / 3][2 - k % 3] = load(weight + (c * 9 + k) * s.in + i);
      put_windows(g, [&](int p, const Floats& v) { store(points.data() + (p * s.out + c) * s.in + i, v); });
    }
  const Tiles back{s.pictures, s.height, s.width, s.out_height, s.out_width, 2 - s.pad_top, 2 - s.pad_left};
  convolve_points(back, dy, s.out, points.data(), nullptr, s.in, dx);
}

inline void winograd_weight_gradient(const Conv2dSizes& s, const float* x, const float* dy, float* dweight) {
  const Tiles t = tiles_of(s);
  // Each batch of tiles walks all sums once: the more sums there are, the larger the batch.
  const int64_t wanted = s.in * s.out * 24 / 256, batch = wanted < 24 ? 24 : wanted > 120 ? 120 : wanted;
  const int64_t ldg = s.out + kLanes;  // the last vector of channels may come as a pair
  const Scratch inputs(kPoints * apart(batch, s.in), Filled::nothing),
      gradients(kPoints * apart(batch, s.out), Filled::nothing), zeros(s.out), sums(kPoints * s.in * ldg);
  for (int64_t first = 0; first < t.count(); first += batch) {
    const int64_t some = t.count() - first < batch ? t.count() - first : batch;
    put_inputs(t, x, s.in, first, some, inputs.data());
    put_gradients(t, dy, s.out, zeros.data(), first, some, gradients.data());
    for (int p = 0; p < kPoints; ++p)
      outer({inputs.data() + p * apart(some, s.in), s.in, gradients.data() + p * apart(some, s.out), s.out, some, 1, 0,
             0, sums.data() + p * s.in * ldg, ldg},
            s.in, s.out);
  }
  // G^T p G
  for (int64_t c = 0; c < s.out; c += kLanes)
    for (int64_t i = 0; i < s.in; ++i) {
      Floats half[3][4], p[4];
      for (int q = 0; q < 4; ++q) {
        for (int r = 0; r < 4; ++r) p[r] = load(sums.data() + ((r * 4 + q) * s.in + i) * ldg + c);
        const Floats sum = 0.5f * (p[1] + p[2]);
        half[0][q] = p[0] + sum, half[1][q] = 0.5f * (p[1] - p[2]), half[2][q] = sum + p[3];
      }
      for (int r = 0; r < 3; ++r) {
        const Floats* const h = half[r];
        const Floats sum = 0.5f * (h[1] + h[2]);
        float row[3][kLanes];
        store(row[0], h[0] + sum), store(row[1], 0.5f * (h[1] - h[2])), store(row[2], sum + h[3]);
        for (int q = 0; q < 3; ++q)
          for (int lane = 0; lane < kLanes; ++lane) dweight[((c + lane) * 9 + r * 3 + q) * s.in + i] = row[q][lane];
      }
    }
}

}  // namespace
}  // namespace dimple::loops
