// Noise: the plain kind, equal everywhere, and a sensor's.
#include <array>

#include "data/augment_steps.h"

namespace dimple::data::augmenting {
// One random word serves two bytes of the picture.
void noise(const AugmentConfig& config, Random& random, const Picture& p) {
  const auto strength = static_cast<int32_t>(random.unit() * config.noise * kNoiseUnit);
  const auto add = [&](uint8_t& pixel, uint64_t word) { pixel = to_u8(pixel + bell(word, strength)); };
  size_t i = 0;
  for (; i + 1 < p.pixels.size(); i += 2) {
    const uint64_t word = random.next();
    add(p.pixels[i], word & 0xFFFFFFFF);
    add(p.pixels[i + 1], word >> 32);
  }
  if (i < p.pixels.size()) add(p.pixels[i], random.next() & 0xFFFFFFFF);
}

// A sensor counts electrons: the count's own noise grows with its root (shot noise), reading it adds a constant. The
// darker the scene, the more the count is amplified, and the noise with it. With s the deviation at middle grey of a
// picture of middle grey, gain g = 128 / mean (1 to 4; a bright picture is not cleaner than that) and a quarter of the
// variance there from reading:
//   variance(v) = s^2 * (3/4 * g * v / 128 + 1/4 * g^2)
// so s^2 at v = 128, g = 1. Colours count by themselves.
void sensor(const AugmentConfig& config, Random& random, const Picture& p) {
  const float s = random.unit() * config.sensor;
  int64_t sum = 0;
  for (const uint8_t pixel : p.pixels) sum += pixel;
  const float mean = static_cast<float>(sum) / static_cast<float>(p.pixels.size());
  const float gain = clamp(128 / max_of(mean, 1.0f), 1.0f, 4.0f);
  std::array<int32_t, 256> strength;
  for (size_t v = 0; v < 256; ++v)
    strength[v] = static_cast<int32_t>(s * std::sqrt(0.75f * gain * static_cast<float>(v) / 128 + 0.25f * gain * gain) *
                                       kNoiseUnit);
  for (uint8_t& pixel : p.pixels) pixel = to_u8(pixel + bell(random.next(), strength[pixel]));
}

}  // namespace dimple::data::augmenting
