// Pictures below the line: a pointer, sizes, and how far apart the rows are. Interleaved u8 channels, 1 (grey) or 3
// (RGB).
#pragma once
#include "base/platform.h"

namespace dimple::image {

// With these, row offsets and sums over a picture fit the integers they are computed in.
inline constexpr int32_t kMaxSide = 1 << 16;
inline constexpr int32_t kMaxChannels = 4;

struct View {
  const uint8_t* data = nullptr;
  int32_t width = 0, height = 0, channels = 0;
  int32_t row_bytes = 0;

  const uint8_t* row(int32_t y) const { return data + int64_t{y} * row_bytes; }
};

struct MutableView {
  uint8_t* data = nullptr;
  int32_t width = 0, height = 0, channels = 0;
  int32_t row_bytes = 0;

  uint8_t* row(int32_t y) const { return data + int64_t{y} * row_bytes; }
  operator View() const { return {data, width, height, channels, row_bytes}; }  // NOLINT(google-explicit-constructor)
};

// Rows directly behind each other.
constexpr View packed(const uint8_t* data, int32_t width, int32_t height, int32_t channels) {
  return {data, width, height, channels, width * channels};
}
constexpr MutableView packed(uint8_t* data, int32_t width, int32_t height, int32_t channels) {
  return {data, width, height, channels, width * channels};
}

constexpr bool sane(const View& v) {
  return v.data != nullptr && v.width > 0 && v.height > 0 && v.width <= kMaxSide && v.height <= kMaxSide &&
         v.channels > 0 && v.channels <= kMaxChannels && v.row_bytes >= v.width * v.channels;
}

// A rectangle in pixels; it may stick out of the picture.
struct Box {
  int32_t x = 0, y = 0, width = 0, height = 0;

  constexpr bool operator==(const Box&) const = default;
  constexpr int64_t area() const { return int64_t{width} * height; }
};

}  // namespace dimple::image
