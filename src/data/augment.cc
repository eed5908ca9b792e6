#include "data/augment.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "base/fixed_point.h"
#include "data/random.h"
#include "image/affine.h"

namespace dimple::data {
namespace {

constexpr float kOne = 65536;  // Q16

struct Picture {
  std::span<uint8_t> pixels;
  int32_t width, height, channels;

  int32_t row_bytes() const { return width * channels; }
  uint8_t* row(int32_t y) const { return pixels.data() + static_cast<ptrdiff_t>(y) * row_bytes(); }
};

int32_t q16(float value) { return static_cast<int32_t>(std::lround(value * kOne)); }
uint8_t to_u8(int32_t value) { return static_cast<uint8_t>(clamp(value, 0, 255)); }

// source = centre + R / scale * M * (target - centre) - shift, M mirroring x.
image::Affine draw_move(const AugmentConfig& config, Random& random, const Picture& p) {
  const bool mirror = random.chance(config.mirror_probability), move = random.chance(config.move_probability);
  const float turn = random.around(config.rotation) * 0.01745329252f;
  const float size = 1 + random.around(config.scale);
  const float dx = random.around(config.shift) * static_cast<float>(p.width);
  const float dy = random.around(config.shift) * static_cast<float>(p.height);
  const float sign = mirror ? -1.0f : 1.0f, cx = static_cast<float>(p.width - 1) / 2,
              cy = static_cast<float>(p.height - 1) / 2;
  const float cosine = move ? std::cos(turn) / size : 1, sine = move ? std::sin(turn) / size : 0;
  const float xx = cosine * sign, yx = sine * sign, xy = -sine, yy = cosine;
  const float x0 = cx - xx * cx - xy * cy - (move ? dx : 0), y0 = cy - yx * cx - yy * cy - (move ? dy : 0);
  return {q16(xx), q16(xy), q16(x0), q16(yx), q16(yy), q16(y0)};
}

// Tone curve t(v) = v + curve * v * (1 - v): keeps black, white and order for |curve| < 1, and unlike a power needs no
// pow() for each of 256 entries. Negative: shadows are crushed.
using Tone = std::array<uint8_t, 256>;
Tone make_tone(float gain, float brightness, float curve) {
  Tone tone;
  for (int i = 0; i < 256; ++i) {
    const float v = static_cast<float>(i) * (1.0f / 255);
    const float bent = 255 * (v + curve * v * (1 - v));
    tone[static_cast<size_t>(i)] =
        to_u8(static_cast<int32_t>((bent - 127.5f) * gain + 127.5f + brightness + 256.5f) - 256);
  }
  return tone;
}

void light(const AugmentConfig& config, Random& random, const Picture& p) {
  const float gain = 1 + random.around(config.gain), brightness = random.around(config.brightness);
  const float curve = clamp(random.around(config.curve), -0.99f, 0.99f);
  const float side = random.unit() * 6.2831853f, slope = random.unit() * config.gradient;
  // The factor of the light in 1/4096ths: 1 in the middle, 1 +- slope at the rim, along the direction `side`.
  const int32_t step_x = static_cast<int32_t>(4096 * slope * std::cos(side) * 2 / static_cast<float>(p.width));
  const int32_t step_y = static_cast<int32_t>(4096 * slope * std::sin(side) * 2 / static_cast<float>(p.height));
  std::array<Tone, 3> tones;
  for (int32_t c = 0; c < p.channels; ++c)
    tones[static_cast<size_t>(c)] =
        make_tone(p.channels == 1 ? gain : gain * (1 + random.around(config.colour)), brightness, curve);
  for (int32_t y = 0; y < p.height; ++y) {
    uint8_t* at = p.row(y);
    int32_t factor = 4096 + step_y * (2 * y - p.height) / 2 - step_x * p.width / 2;
    for (int32_t x = 0; x < p.width; ++x, factor += step_x)
      for (int32_t c = 0; c < p.channels; ++c, ++at)
        *at = to_u8((tones[static_cast<size_t>(c)][*at] * max_of(factor, 0) + 2048) >> 12);
  }
}

void occlude(const AugmentConfig& config, Random& random, const Picture& p) {
  const auto side = [&](int32_t extent) {
    return clamp<int32_t>(static_cast<int32_t>(random.unit() * config.occlusion * static_cast<float>(p.width)), 1,
                          extent);
  };
  const int32_t w = side(p.width), h = side(p.height);
  const auto x = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.width - w + 1)));
  const auto y = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.height - h + 1)));
  const auto grey = static_cast<int>(random.below(256));
  for (int32_t row = y; row < y + h; ++row) {
    uint8_t* at = p.row(row) + static_cast<ptrdiff_t>(x) * p.channels;
    std::fill(at, at + static_cast<ptrdiff_t>(w) * p.channels, static_cast<uint8_t>(grey));
  }
}

// to = (side * (left + right) + (256 - 2 side) * middle) / 256, over `count` bytes.
void mix_three(const uint8_t* left, const uint8_t* middle, const uint8_t* right, uint8_t* DIMPLE_RESTRICT to,
               int32_t count, int side) {
  for (int32_t i = 0; i < count; ++i)
    to[i] = static_cast<uint8_t>((side * (left[i] + right[i]) + (256 - 2 * side) * middle[i] + 128) >> 8);
}

void blur(const AugmentConfig& config, Random& random, const Picture& p) {
  const int side = static_cast<int>(256 * clamp(random.unit() * config.blur, 0.0f, 1.0f / 3));
  const int32_t bytes = p.row_bytes(), n = p.channels;
  std::vector<uint8_t> padded(static_cast<size_t>(bytes + 2 * n)),
      rows(static_cast<size_t>(bytes) * static_cast<size_t>(p.height));
  for (int32_t y = 0; y < p.height; ++y) {
    const uint8_t* from = p.row(y);
    std::copy(from, from + n, padded.data());
    std::copy(from, from + bytes, padded.data() + n);
    std::copy(from + bytes - n, from + bytes, padded.data() + n + bytes);
    mix_three(padded.data(), padded.data() + n, padded.data() + 2 * n, rows.data() + static_cast<ptrdiff_t>(y) * bytes,
              bytes, side);
  }
  const auto row = [&](int32_t y) { return rows.data() + static_cast<ptrdiff_t>(clamp(y, 0, p.height - 1)) * bytes; };
  for (int32_t y = 0; y < p.height; ++y) mix_three(row(y - 1), row(y), row(y + 1), p.row(y), bytes, side);
}

// The sum of four bytes is near enough to a normal distribution: mean 510, variance 4 * (256^2 - 1) / 12, so a standard
// deviation of 147.8. One random word serves two bytes of the picture.
void noise(const AugmentConfig& config, Random& random, const Picture& p) {
  const auto strength = static_cast<int32_t>(random.unit() * config.noise * (65536 / 147.8f));
  const auto add = [&](uint8_t& pixel, uint64_t word) {
    const uint64_t pairs = (word & 0x00FF00FF) + ((word >> 8) & 0x00FF00FF);
    const auto sum = static_cast<int32_t>((pairs + (pairs >> 16)) & 0xFFFF) - 510;
    pixel = to_u8(pixel + ((sum * strength + 32768) >> 16));
  };
  size_t i = 0;
  for (; i + 1 < p.pixels.size(); i += 2) {
    const uint64_t word = random.next();
    add(p.pixels[i], word & 0xFFFFFFFF);
    add(p.pixels[i + 1], word >> 32);
  }
  if (i < p.pixels.size()) add(p.pixels[i], random.next() & 0xFFFFFFFF);
}

}  // namespace

void augment(const AugmentConfig& config, uint64_t seed, std::span<const uint8_t> in, int32_t width, int32_t height,
             int32_t channels, std::span<uint8_t> out) {
  assert(in.size() == out.size() && in.size() == static_cast<size_t>(width) * static_cast<size_t>(height * channels));
  assert(channels == 1 || channels == 3);
  Random random(seed);
  const Picture p{out, width, height, channels};
  const image::Affine move = draw_move(config, random, p);
  if (move == image::Affine{}) {
    std::ranges::copy(in, out.begin());
  } else {
    const Status status = image::affine(image::packed(in.data(), width, height, channels), move,
                                        image::packed(out.data(), width, height, channels));
    assert(status == Status::ok);
    static_cast<void>(status);
  }
  if (random.chance(config.light_probability)) light(config, random, p);
  if (random.chance(config.occlusion_probability)) occlude(config, random, p);
  if (random.chance(config.blur_probability)) blur(config, random, p);
  if (random.chance(config.noise_probability)) noise(config, random, p);
}

}  // namespace dimple::data
