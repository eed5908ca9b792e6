// Light falls on the face: contrast, brightness, a bent tone curve, a side that is brighter, colour.
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

}  // namespace dimple::data::augmenting
