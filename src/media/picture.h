// A decoded picture on the host: rows top to bottom, pixels left to right, channels interleaved, nothing between.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/picture.h"

namespace dimple::media {

struct Picture {
  int width = 0, height = 0, channels = 0;  // 1 = grey, 3 = RGB
  std::vector<uint8_t> pixels;

  Picture() = default;
  Picture(int w, int h, int c, uint8_t fill = 0)
      : width(w), height(h), channels(c), pixels(size_t(w) * size_t(h) * size_t(c), fill) {}

  bool operator==(const Picture&) const = default;

  image::View view() const { return image::packed(pixels.data(), width, height, channels); }
  image::MutableView view() { return image::packed(pixels.data(), width, height, channels); }
  uint8_t* at(int x, int y) { return pixels.data() + (size_t(y) * width + x) * channels; }
  const uint8_t* at(int x, int y) const { return pixels.data() + (size_t(y) * width + x) * channels; }
};

}  // namespace dimple::media
