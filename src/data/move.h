// A picture seen from elsewhere: shifted, turned, nearer or farther, mirrored, as one resampling.
#pragma once
#include <cassert>
#include <cmath>
#include <cstdint>
#include <span>

#include "image/affine.h"

namespace dimple::data {

struct Move {
  float turn = 0;        // radians
  float size = 1;        // of what is seen: 2 shows it twice as large
  float dx = 0, dy = 0;  // pixels
  bool mirrored = false;
};

// source = centre + R / size * M * (target - centre) - shift, M mirroring x.
inline image::Affine affine_of(const Move& move, int32_t width, int32_t height) {
  const auto q16 = [](float value) { return static_cast<int32_t>(std::lround(value * 65536)); };
  const float sign = move.mirrored ? -1.0f : 1.0f, cx = static_cast<float>(width - 1) / 2,
              cy = static_cast<float>(height - 1) / 2;
  const float cosine = std::cos(move.turn) / move.size, sine = std::sin(move.turn) / move.size;
  const float xx = cosine * sign, yx = sine * sign, xy = -sine, yy = cosine;
  const float x0 = cx - xx * cx - xy * cy - move.dx, y0 = cy - yx * cx - yy * cy - move.dy;
  return {q16(xx), q16(xy), q16(x0), q16(yx), q16(yy), q16(y0)};
}

// Both pictures have this size; what lies outside of the first one is its border.
inline void resample(const image::Affine& matrix, std::span<const uint8_t> in, int32_t width, int32_t height,
                     int32_t channels, std::span<uint8_t> out) {
  const Status status = image::affine(image::packed(in.data(), width, height, channels), matrix,
                                      image::packed(out.data(), width, height, channels));
  assert(status == Status::ok);
  static_cast<void>(status);
}

}  // namespace dimple::data
