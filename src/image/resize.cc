#include "image/resize.h"

#include "base/fixed_point.h"

namespace dimple::image {
namespace {

// The source pixels that one output pixel is made of: `first` .. `last` with their weights; those between have `inner`.
struct PixelWeights {
  int32_t first, last;
  int64_t first_weight, inner_weight, last_weight;
};

// One axis: `length` source pixels starting at `origin` become `target` pixels; the picture has `limit` of them.
struct Axis {
  int32_t origin, length, target, limit;

  int64_t total() const { return length >= target ? length : int64_t{2} * target; }

  PixelWeights weights_at(int32_t i) const {
    PixelWeights t = length >= target ? covered(i) : between(i);
    // What lies outside counts for the border pixel. Indices grow, so each side is folded once.
    const int32_t low = clamp<int32_t>(t.first, 0, limit - 1), high = clamp<int32_t>(t.last, 0, limit - 1);
    if (low == high) return {low, low, total(), 0, 0};
    if (low > t.first) t.first_weight += int64_t{low - t.first} * t.inner_weight;
    if (high < t.last) t.last_weight += int64_t{t.last - high} * t.inner_weight;
    t.first = low;
    t.last = high;
    return t;
  }

 private:
  PixelWeights covered(int32_t i) const {
    const int64_t begin = int64_t{i} * length, end = begin + length;
    const int64_t first = begin / target, last = (end - 1) / target;
    const int32_t a = origin + static_cast<int32_t>(first), b = origin + static_cast<int32_t>(last);
    if (a == b) return {a, a, length, 0, 0};
    return {a, b, (first + 1) * target - begin, target, end - last * target};
  }
  PixelWeights between(int32_t i) const {
    const int64_t by = int64_t{2} * target;
    const int64_t position = (int64_t{2} * i + 1) * length - target;  // > -by, since length < target
    const int64_t first = position >= 0 ? position / by : -1;
    const int64_t fraction = position - first * by;
    const int32_t a = origin + static_cast<int32_t>(first);
    return {a, a + 1, by - fraction, 0, fraction};
  }
};

// Weighted sum of one channel over a row. At most kMaxSide whole pixels of 255: below 2^24.
int64_t sum_row(const uint8_t* pixel, int32_t channels, const PixelWeights& t) {
  const uint8_t* p = pixel + int64_t{t.first} * channels;
  int64_t sum = t.first_weight * *p;
  if (t.last == t.first) return sum;
  int32_t whole = 0;
  for (int32_t x = t.first + 1; x < t.last; ++x) whole += *(p += channels);
  p += channels;
  return sum + t.inner_weight * whole + t.last_weight * *p;
}

}  // namespace

Status resize(View from, Box crop, MutableView to) {
  if (!sane(from) || !sane(to) || from.channels != to.channels) return Status::bad_argument;
  if (crop.width < 1 || crop.height < 1 || crop.width > kMaxCropSide || crop.height > kMaxCropSide ||
      crop.x > kMaxCropSide || crop.y > kMaxCropSide || crop.x < -kMaxCropSide || crop.y < -kMaxCropSide ||
      to.width > kMaxResizedSide || to.height > kMaxResizedSide) {
    return Status::bad_argument;
  }
  const Axis across{crop.x, crop.width, to.width, from.width}, down{crop.y, crop.height, to.height, from.height};
  // Totals are at most 2^26 each and a pixel below 2^8, so the weighted sum stays below 2^60.
  const int64_t weight = across.total() * down.total();
  for (int32_t y = 0; y < to.height; ++y) {
    const PixelWeights rows = down.weights_at(y);
    uint8_t* out = to.row(y);
    for (int32_t x = 0; x < to.width; ++x) {
      const PixelWeights columns = across.weights_at(x);
      for (int32_t c = 0; c < to.channels; ++c) {
        int64_t sum = rows.first_weight * sum_row(from.row(rows.first) + c, from.channels, columns);
        if (rows.last != rows.first) {
          int64_t whole = 0;
          for (int32_t r = rows.first + 1; r < rows.last; ++r)
            whole += sum_row(from.row(r) + c, from.channels, columns);
          sum +=
              rows.inner_weight * whole + rows.last_weight * sum_row(from.row(rows.last) + c, from.channels, columns);
        }
        *out++ = static_cast<uint8_t>((sum + weight / 2) / weight);
      }
    }
  }
  return Status::ok;
}

}  // namespace dimple::image
