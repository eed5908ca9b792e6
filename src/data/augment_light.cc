// Light: on the face, and in scenes with more light and shadow than a camera can hold.
#include <algorithm>
#include <array>

#include "data/augment_steps.h"

namespace dimple::data::augmenting {
namespace {

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

}  // namespace

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

namespace {

// 0 below `from`, 1 above `to`, smooth between.
float rise(float value, float from, float to) {
  const float t = clamp((value - from) / (to - from), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

void map_greys(const Picture& p, const std::array<uint8_t, 256>& to) {
  for (uint8_t& pixel : p.pixels) pixel = to[pixel];
}

}  // namespace

// The camera exposes for the bright side: what lies there outside of the face goes to white, everything else gets
// darker, and a veil of stray light creeps in from that side.
void back_light(const AugmentConfig& config, Random& random, const Picture& p) {
  const float strength = config.back_light * (0.4f + 0.6f * random.unit());
  const float turn = random.unit() * 6.2831853f, along_x = std::cos(turn), along_y = std::sin(turn);
  const float half_width = static_cast<float>(p.width) / 2, half_height = static_cast<float>(p.height) / 2;
  const auto dark = static_cast<int32_t>(256 * (1 - 0.85f * strength));
  for (int32_t y = 0; y < p.height; ++y) {
    uint8_t* at = p.row(y);
    const float v = (static_cast<float>(y) + 0.5f) / half_height - 1;
    for (int32_t x = 0; x < p.width; ++x) {
      const float u = (static_cast<float>(x) + 0.5f) / half_width - 1;
      const float from_face = std::sqrt(u * u / (0.75f * 0.75f) + v * v / (0.95f * 0.95f));  // 1: its outline
      const float side = rise(u * along_x + v * along_y, -0.4f, 0.8f);
      const auto glow = static_cast<int32_t>(256 * strength * side * rise(from_face, 0.85f, 1.15f));
      const auto veil = static_cast<int32_t>(40 * strength * side);
      for (int32_t c = 0; c < p.channels; ++c, ++at) {
        const int32_t shaded = ((*at * dark) >> 8) + veil;
        *at = to_u8((shaded * (256 - glow) + 255 * glow) >> 8);
      }
    }
  }
}

// Black begins at a grey that was none; white stays.
void crush(const AugmentConfig& config, Random& random, const Picture& p) {
  const auto black = static_cast<int32_t>(255 * config.crush * (0.3f + 0.7f * random.unit()));
  std::array<uint8_t, 256> to;
  for (int32_t v = 0; v < 256; ++v)
    to[static_cast<size_t>(v)] = to_u8(max_of(v - black, 0) * 255 / max_of(255 - black, 1));
  map_greys(p, to);
}

// The camera sees a window of the greys that are there, anywhere among them, and tells fewer of them apart.
void range(const AugmentConfig& config, Random& random, const Picture& p) {
  const auto lost = static_cast<int32_t>(255 * config.range * (0.3f + 0.7f * random.unit()));
  const auto low = static_cast<int32_t>(random.below(static_cast<uint32_t>(lost + 1)));
  const int32_t step = 1 << random.below(4), width = max_of(255 - lost, 1);
  std::array<uint8_t, 256> to;
  for (int32_t v = 0; v < 256; ++v) {
    const int32_t seen = clamp((v - low) * 255 / width, 0, 255);
    to[static_cast<size_t>(v)] = to_u8(seen / step * step * 255 / (255 / step * step));
  }
  map_greys(p, to);
}

}  // namespace dimple::data::augmenting
