// The two products that convolutions are made of: a small matrix tile slid over pictures, and the sum of outer
// products. For files of loops alone (loops/lanes.h).
#pragma once
#include "loops/lanes.h"

namespace dimple::loops {
namespace {

// out[y][x][c] = bias[c] + sum over r, k of a[y * a_line + r * a_row + x * a_step + k] * b[(r * length + k) * ldb + c]
struct Slide {
  const float* a;
  int64_t a_line, a_row, a_step;
  int64_t rows, length;
  const float* b;
  int64_t ldb;  // channels, rounded up to whole vectors; what is beyond them is 0
  const float* bias;
  float* out;
  int64_t out_line, out_step;
  int64_t height, width, channels;
};

// P pixels by V vectors of channels stay in registers. The empty asm hides the address from the compiler, which would
// otherwise keep one pointer per pixel, more than there are registers.
template <int P, int V>
DIMPLE_INLINE void tile(const Slide& s, const float* a, int64_t channel, float* out) {
  constexpr int kDepth = V >= 4 ? 1 : 4 / V;
  Floats sum[P][V];
  for (int v = 0; v < V; ++v) {
    const Floats first = s.bias ? load(s.bias + channel + v * kLanes) : Floats{};
    for (int p = 0; p < P; ++p) sum[p][v] = first;
  }
  const float* b = s.b + channel;
  for (int64_t r = 0; r < s.rows; ++r) {
    const float* row = a + r * s.a_row;
    int64_t k = 0;
    for (; k + kDepth <= s.length; k += kDepth, b += kDepth * s.ldb) {
      Floats weight[kDepth][V];
      for (int d = 0; d < kDepth; ++d)
        for (int v = 0; v < V; ++v) weight[d][v] = load(b + d * s.ldb + v * kLanes);
      const float* at = row + k;
#pragma GCC unroll 24
      for (int p = 0; p < P; ++p) {
        for (int d = 0; d < kDepth; ++d)
          for (int v = 0; v < V; ++v) sum[p][v] += at[d] * weight[d][v];
        at += s.a_step;
        asm("" : "+r"(at));
      }
    }
    for (; k < s.length; ++k, b += s.ldb) {
      const float* at = row + k;
#pragma GCC unroll 24
      for (int p = 0; p < P; ++p) {
        for (int v = 0; v < V; ++v) sum[p][v] += *at * load(b + v * kLanes);
        at += s.a_step;
        asm("" : "+r"(at));
      }
    }
  }
  const int64_t left = s.channels - channel;
  if (left >= V * kLanes) {
#pragma GCC unroll 24
    for (int p = 0; p < P; ++p)
      for (int v = 0; v < V; ++v) store(out + p * s.out_step + v * kLanes, sum[p][v]);
  } else {
    float row[P][V * kLanes];
#pragma GCC unroll 24
    for (int p = 0; p < P; ++p)
      for (int v = 0; v < V; ++v) store(row[p] + v * kLanes, sum[p][v]);
    for (int p = 0; p < P; ++p)
      for (int64_t c = 0; c < left; ++c) out[p * s.out_step + c] = row[p][c];
  }
}

template <int P, int V>
void tiles(const Slide& s, int64_t y, int64_t x, int64_t end, int64_t channel) {
  for (; x + P <= end; x += P)
    tile<P, V>(s, s.a + y * s.a_line + x * s.a_step, channel, s.out + y * s.out_line + x * s.out_step + channel);
  if constexpr (P > 1)
    if (x < end) tiles<(P % 3 == 0 && P > 6 ? P / 3 * 2 : P > 4 ? P - 2 : P > 2 ? P / 2 : 1), V>(s, y, x, end, channel);
}

inline void slide(const Slide& s) {
  constexpr int64_t kBlock = 96;  // pixels whose inputs stay in the cache while all output channels are made
  const int64_t vectors = s.ldb / kLanes;
  for (int64_t y = 0; y < s.height; ++y)
    for (int64_t x = 0; x < s.width; x += kBlock) {
      const int64_t end = x + kBlock < s.width ? x + kBlock : s.width;
      int64_t v = 0;
      if (s.width <= kAccumulators / 4)
        for (; v + 4 <= vectors; v += 4) tiles<kAccumulators / 4, 4>(s, y, x, end, v * kLanes);
      for (; v + 2 <= vectors; v += 2) tiles<kAccumulators / 2, 2>(s, y, x, end, v * kLanes);
      if (v < vectors) tiles<12, 1>(s, y, x, end, v * kLanes);
    }
}

// g[k][c] += sum over x of a[x * a_step + k] * dy[x * out + c], for K terms and V vectors of channels.
struct Outer {
  const float* a;
  int64_t a_step;
  const float* dy;
  int64_t dy_step;
  int64_t width, height, a_line, dy_line;
  float* g;
  int64_t ldg;
};
template <int K, int V, bool kWhole>
DIMPLE_INLINE void outer_tile(const Outer& o, int64_t k, int64_t channel, int64_t left) {
  Floats sum[K][V];
  float* g = o.g + k * o.ldg + channel;
#pragma GCC unroll 24
  for (int i = 0; i < K; ++i)
    for (int v = 0; v < V; ++v) sum[i][v] = load(g + i * o.ldg + v * kLanes);
  for (int64_t y = 0; y < o.height; ++y) {
    const float* a = o.a + y * o.a_line + k;
    const float* dy = o.dy + y * o.dy_line + channel;
    for (int64_t x = 0; x < o.width; ++x, a += o.a_step, dy += o.dy_step) {
      Floats d[V];
      for (int v = 0; v < V; ++v) d[v] = kWhole ? load(dy + v * kLanes) : load_some(dy + v * kLanes, left - v * kLanes);
#pragma GCC unroll 24
      for (int i = 0; i < K; ++i)
        for (int v = 0; v < V; ++v) sum[i][v] += a[i] * d[v];
    }
  }
#pragma GCC unroll 24
  for (int i = 0; i < K; ++i)
    for (int v = 0; v < V; ++v) store(g + i * o.ldg + v * kLanes, sum[i][v]);
}

template <int K, int V>
void outer_tiles(const Outer& o, int64_t k, int64_t terms, int64_t channel, int64_t left) {
  for (; terms - k >= K; k += K) {
    if (K > 8 && terms - k == 16) break;  // two tiles of 8 rather than one of 12 and one of 4
    if (K == 9 && terms - k > 9) break;   // 9 is there for the windows of grey pictures
    if (left >= V * kLanes)
      outer_tile<K, V, true>(o, k, channel, left);
    else
      outer_tile<K, V, false>(o, k, channel, left);
  }
  if constexpr (K > 1)
    if (k < terms)
      outer_tiles<(K > 12 ? 12 : K > 9 ? 9 : K > 8 ? 8 : K > 4 ? 4 : K > 3 ? 3 : K - 1), V>(o, k, terms, channel, left);
}

inline void outer(const Outer& o, int64_t terms, int64_t channels) {
  int64_t c = 0;
  for (; channels - c > kLanes; c += 2 * kLanes) outer_tiles<kAccumulators / 2, 2>(o, 0, terms, c, channels - c);
  if (c < channels) outer_tiles<(kAccumulators < 12 ? 8 : 12), 1>(o, 0, terms, c, channels - c);
}

}  // namespace
}  // namespace dimple::loops
