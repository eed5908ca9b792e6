#include "image/affine.h"

#include "base/fixed_point.h"

namespace dimple::image {
namespace {

struct Position {
  int32_t pixel, fraction;  // whole pixels, and 256ths
};

// Rounded to 256ths of a pixel; clamped far outside, where only the border is seen anyway.
Position split(int64_t q16) {
  const int64_t q8 = clamp<int64_t>((q16 + 128) >> 8, -(int64_t{1} << 30), int64_t{1} << 30);
  return {static_cast<int32_t>(q8 >> 8), static_cast<int32_t>(q8 & 255)};
}

}  // namespace

Status affine(View from, const Affine& matrix, MutableView to) {
  if (!sane(from) || !sane(to) || from.channels != to.channels) return Status::bad_argument;
  const int32_t right = from.width - 1, bottom = from.height - 1, channels = from.channels;
  for (int32_t y = 0; y < to.height; ++y) {
    // |coefficient| < 2^31 and coordinates below 2^16: sums stay below 2^49.
    int64_t at_x = int64_t{matrix.xy} * y + matrix.x0, at_y = int64_t{matrix.yy} * y + matrix.y0;
    uint8_t* out = to.row(y);
    for (int32_t x = 0; x < to.width; ++x, at_x += matrix.xx, at_y += matrix.yx) {
      const Position px = split(at_x), py = split(at_y);
      const int32_t x0 = clamp<int32_t>(px.pixel, 0, right), x1 = clamp<int32_t>(px.pixel + 1, 0, right);
      const uint8_t* upper = from.row(clamp<int32_t>(py.pixel, 0, bottom));
      const uint8_t* lower = from.row(clamp<int32_t>(py.pixel + 1, 0, bottom));
      for (int32_t c = 0; c < channels; ++c) {
        const int32_t a = upper[x0 * channels + c], b = upper[x1 * channels + c];
        const int32_t d = lower[x0 * channels + c], e = lower[x1 * channels + c];
        const int32_t above = (a << 8) + (b - a) * px.fraction, below = (d << 8) + (e - d) * px.fraction;
        *out++ = static_cast<uint8_t>(((above << 8) + (below - above) * py.fraction + (1 << 15)) >> 16);
      }
    }
  }
  return Status::ok;
}

}  // namespace dimple::image
