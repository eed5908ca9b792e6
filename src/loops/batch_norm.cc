#include "loops/batch_norm.h"

#include "loops/lanes.h"

namespace dimple::loops {
namespace {

// Calls each(channel, lanes in use, pixel, count): a vector of channels at a time over blocks of pixels, so that a
// block is still in the cache when the next channels of its pixels come, and sums stay short.
constexpr int64_t kBlock = 128;
template <class Each>
DIMPLE_INLINE void for_blocks(const BatchNormSizes& s, const Each& each) {
  for (int64_t p = 0; p < s.pixels; p += kBlock) {
    const int64_t count = s.pixels - p < kBlock ? s.pixels - p : kBlock;
    for (int64_t c = 0; c < s.channels; c += kLanes) each(c, s.channels - c, p, count);
  }
}

// each(pixel) for a block, four at a time into sums of their own: additions wait for one another.
template <class Each>
DIMPLE_INLINE void by_four(int64_t count, const Each& each) {
  int64_t i = 0;
  for (; i + 4 <= count; i += 4)
#pragma GCC unroll 4
    for (int u = 0; u < 4; ++u) each(i + u, u);
  for (; i < count; ++i) each(i, 0);
}

DIMPLE_INLINE Floats within(const Floats& value, const Floats& low, const Floats& high, const Floats& then) {
  return reinterpret_cast<Floats>(((value > low) & (value < high)) & reinterpret_cast<Bits>(then));
}

void add_sums(const BatchNormSizes& s, const float* x, const float* first, float* sum, float* squares) {
  for_blocks(s, [&](int64_t c, int64_t left, int64_t p, int64_t count) {
    const float* at = x + p * s.channels + c;
    const Floats k = load_some(first + c, left);
    Floats one[4]{}, two[4]{};
    const auto add = [&](const Floats& value, int u) {
      const Floats d = value - k;
      one[u] += d, two[u] += d * d;
    };
    if (left >= kLanes)
      by_four(count, [&](int64_t i, int u) { add(load(at + i * s.channels), u); });
    else
      for (int64_t i = 0; i < count; ++i) add(load_some(at + i * s.channels, left), 0);
    store_some(sum + c, load_some(sum + c, left) + ((one[0] + one[1]) + (one[2] + one[3])), left);
    store_some(squares + c, load_some(squares + c, left) + ((two[0] + two[1]) + (two[2] + two[3])), left);
  });
}

DIMPLE_INLINE Floats clamped(const Floats& value, const Floats& low, const Floats& high) {
  const Floats v = value < low ? low : value;
  return v > high ? high : v;
}

template <bool kSum>
DIMPLE_INLINE void apply_as(const BatchNormSizes& s, const float* x, const float* scale, const float* shift,
                            const float* shortcut, float* y) {
  const Floats low = broadcast(s.low), high = broadcast(s.high), sum_low = broadcast(s.sum_low),
               sum_high = broadcast(s.sum_high);
  for_blocks(s, [&](int64_t c, int64_t left, int64_t p, int64_t count) {
    const Floats a = load_some(scale + c, left), b = load_some(shift + c, left);
    const auto one = [&](int64_t at, int64_t lanes) {
      const Floats normed = clamped(load_some(x + at, lanes) * a + b, low, high);
      store_some(y + at, kSum ? clamped(normed + load_some(shortcut + at, lanes), sum_low, sum_high) : normed, lanes);
    };
    const int64_t first = p * s.channels + c;
    if (left >= kLanes)
      for (int64_t i = 0; i < count; ++i) one(first + i * s.channels, kLanes);
    else
      for (int64_t i = 0; i < count; ++i) one(first + i * s.channels, left);
  });
}

void apply(const BatchNormSizes& s, const float* x, const float* scale, const float* shift, const float* shortcut,
           float* y) {
  shortcut ? apply_as<true>(s, x, scale, shift, shortcut, y) : apply_as<false>(s, x, scale, shift, shortcut, y);
}

template <bool kSum>
DIMPLE_INLINE void gradient_sums_as(const BatchNormSizes& s, const float* x, const float* dy, const float* y,
                                    const float* scale, const float* shift, const float* mean, float* sum, float* sum_n,
                                    float* dsum) {
  const Floats low = broadcast(s.low), high = broadcast(s.high), sum_low = broadcast(s.sum_low),
               sum_high = broadcast(s.sum_high);
  for_blocks(s, [&](int64_t c, int64_t left, int64_t p, int64_t count) {
    const Floats a = load_some(scale + c, left), b = load_some(shift + c, left), m = load_some(mean + c, left);
    Floats one[4]{}, two[4]{};
    const auto add = [&](int64_t at, int64_t lanes, int u) {
      const Floats value = load_some(x + at, lanes);
      Floats gradient = load_some(dy + at, lanes);
      if (kSum) {
        gradient = within(load_some(y + at, lanes), sum_low, sum_high, gradient);
        store_some(dsum + at, gradient, lanes);
      }
      const Floats g = within(value * a + b, low, high, gradient);
      one[u] += g, two[u] += g * (value - m);
    };
    const int64_t first = p * s.channels + c;
    if (left >= kLanes)
      by_four(count, [&](int64_t i, int u) { add(first + i * s.channels, kLanes, u); });
    else
      for (int64_t i = 0; i < count; ++i) add(first + i * s.channels, left, 0);
    store_some(sum + c, load_some(sum + c, left) + ((one[0] + one[1]) + (one[2] + one[3])), left);
    store_some(sum_n + c, load_some(sum_n + c, left) + ((two[0] + two[1]) + (two[2] + two[3])), left);
  });
}

void gradient_sums(const BatchNormSizes& s, const float* x, const float* dy, const float* y, const float* scale,
                   const float* shift, const float* mean, const float* inverse_deviation, float* sum, float* sum_n,
                   float* dsum) {
  for (int64_t c = 0; c < s.channels; ++c) sum[c] = sum_n[c] = 0;
  y ? gradient_sums_as<true>(s, x, dy, y, scale, shift, mean, sum, sum_n, dsum)
    : gradient_sums_as<false>(s, x, dy, y, scale, shift, mean, sum, sum_n, dsum);
  for (int64_t c = 0; c < s.channels; ++c) sum_n[c] *= inverse_deviation[c];
}

// scale * (g - (sum + n * sum_n) / all_pixels) = g * scale - u - (x - mean) * w
void gradient(const BatchNormSizes& s, const float* x, const float* dy, const float* scale, const float* shift,
              const float* mean, const float* inverse_deviation, const float* sum, const float* sum_n, float* dx) {
  const Floats low = broadcast(s.low), high = broadcast(s.high),
               share = broadcast(1.0f / static_cast<float>(s.all_pixels));
  for_blocks(s, [&](int64_t c, int64_t left, int64_t p, int64_t count) {
    const Floats a = load_some(scale + c, left), b = load_some(shift + c, left), m = load_some(mean + c, left);
    const Floats u = a * share * load_some(sum + c, left);
    const Floats w = a * share * load_some(sum_n + c, left) * load_some(inverse_deviation + c, left);
    const int64_t at = p * s.channels + c;
    const auto one = [&](const Floats& value, const Floats& dvalue) {
      return within(value * a + b, low, high, dvalue) * a - u - (value - m) * w;
    };
    if (left >= kLanes)
      for (int64_t i = 0; i < count; ++i)
        store(dx + at + i * s.channels, one(load(x + at + i * s.channels), load(dy + at + i * s.channels)));
    else
      for (int64_t i = 0; i < count; ++i)
        store_some(dx + at + i * s.channels,
                   one(load_some(x + at + i * s.channels, left), load_some(dy + at + i * s.channels, left)), left);
  });
}

}  // namespace

extern const BatchNormLoops DIMPLE_LEVEL_NAME(batch_norm_loops);
const BatchNormLoops DIMPLE_LEVEL_NAME(batch_norm_loops){add_sums, apply, gradient_sums, gradient};

}  // namespace dimple::loops
