#include "selftest/signature_pictures.h"

#include "base/fixed_point.h"

namespace dimple::selftest {
namespace {

// Marsaglia's xorshift; the state is never zero.
struct Noise {
  uint32_t state;

  int32_t below(uint32_t limit) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return static_cast<int32_t>(state % limit);
  }
};

// Up and down between 0 and 255 with the given period.
int32_t triangle(int32_t at, int32_t period) {
  const int32_t phase = 510 * (at % period) / period;
  return phase <= 255 ? phase : 510 - phase;
}

struct Disc {
  int32_t x, y, radius, shade;  // position and radius in 64ths of the picture
};

// Background, head, eyes, mouth: later discs lie on top.
constexpr Disc kFace[] = {{32, 34, 28, 190}, {21, 26, 5, 40}, {43, 26, 5, 40}, {32, 48, 9, 70}};

int32_t face(int32_t x, int32_t y, int32_t width, int32_t height) {
  int32_t shade = 90;
  for (const Disc& disc : kFace) {
    const int32_t dx = 64 * x / width - disc.x, dy = 64 * y / height - disc.y;
    if (dx * dx + dy * dy <= disc.radius * disc.radius) shade = disc.shade;
  }
  return shade;
}

}  // namespace

void draw_picture(uint32_t number, image::MutableView picture) {
  Noise noise{0x9E3779B9u * (number + 1) | 1u};
  const int32_t width = picture.width, height = picture.height;
  const int32_t turn = static_cast<int32_t>(number % 16);
  for (int32_t y = 0; y < height; ++y) {
    for (int32_t x = 0; x < width; ++x) {
      for (int32_t c = 0; c < picture.channels; ++c) {
        int32_t value = 0;
        switch (number % kPictureKinds) {
          case 0: value = noise.below(256); break;
          case 1: value = (255 * (x + turn * y / 4)) / (width + turn * height / 4); break;
          case 2: value = (triangle(x + 5 * turn, 17 + turn) + triangle(y + 3 * turn, 23 + turn)) / 2; break;
          default: value = face(x, y, width, height); break;
        }
        value += noise.below(17) - 8 + 10 * c;
        picture.row(y)[x * picture.channels + c] = static_cast<uint8_t>(clamp<int32_t>(value, 0, 255));
      }
    }
  }
}

image::View draw_scene(uint32_t scene, Span<uint8_t> pixels) {
  const image::MutableView view = image::packed(pixels.data(), kSceneWidth, kSceneHeight, kSceneChannels);
  draw_picture(kFirstScene + scene, view);
  return view;
}

}  // namespace dimple::selftest
